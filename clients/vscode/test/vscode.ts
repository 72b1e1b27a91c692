// Stands in for the editor's module, as far as the parts under test ask it anything.

interface Place {
  defaultValue?: unknown;
  globalValue?: unknown;
  workspaceValue?: unknown;
}

/** What the settings files of the editor say, by full key. */
export const said: Record<string, Place> = {};

export const workspace = {
  getConfiguration: (section: string) => ({
    inspect: (key: string): Place | undefined => said[`${section}.${key}`],
  }),
};

export const ConfigurationTarget = { Global: 1 };
export const QuickPickItemKind = { Separator: -1 };
export const commands = {};
export const window = {};
