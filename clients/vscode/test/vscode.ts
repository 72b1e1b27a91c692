// Stands in for the editor's module, as far as the parts under test ask it anything.

interface Place {
  defaultValue?: unknown;
  globalValue?: unknown;
  workspaceValue?: unknown;
}

/** What the settings files of the editor say, by full key. */
export const said: Record<string, Place> = {};

/** Microsoft's Python extension, with this interpreter selected; without one it fails. */
export class Python {
  constructor(
    private readonly python: string | undefined,
    public isActive: boolean,
  ) {}

  activate(): Promise<unknown> {
    this.isActive = true;
    const { python } = this;
    const resolved = python === undefined ? Promise.reject(new Error('broken')) : { executable: { uri: { fsPath: python } } };
    return Promise.resolve({ environments: { getActiveEnvironmentPath: () => ({}), resolveEnvironment: () => resolved } });
  }
}

/** What is installed beside, by its id. */
export const installed: Record<string, unknown> = {};
export const extensions = { getExtension: (id: string): unknown => installed[id] };

export const workspace = {
  isTrusted: true,
  getConfiguration: (section: string) => ({
    inspect: (key: string): Place | undefined => said[`${section}.${key}`],
    get: (key: string, otherwise: unknown): unknown => said[`${section}.${key}`]?.globalValue ?? otherwise,
  }),
};

export const ConfigurationTarget = { Global: 1 };
export const QuickPickItemKind = { Separator: -1 };
export const commands = {};
export const window = {};
export const Disposable = {};
