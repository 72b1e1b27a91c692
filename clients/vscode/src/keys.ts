// Keys of services: kept by the editor in the system's secret storage, handed to the server in its environment.

import { type ExtensionContext, window } from 'vscode';

const NAMES = 'keys';

/** The variables whose values are kept; the names are no secret. */
export class Keys {
  constructor(private readonly context: ExtensionContext) {}

  /** The names of the environment variables that are kept. */
  get names(): string[] {
    return this.context.globalState.get<string[]>(NAMES, []);
  }

  /** This process's environment with the keys; what is set outside the editor stays as it is. */
  async environment(): Promise<NodeJS.ProcessEnv> {
    const kept = await Promise.all(
      // A storage that is locked or broken holds no keys: the service says that it has none.
      this.names.map(async (name) => [name, await this.kept(name).catch(() => undefined)] as const),
    );
    return { ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)), ...process.env };
  }

  private async kept(name: string): Promise<string | undefined> {
    return this.context.secrets.get(name);
  }

  /** Whether the server will find a value for this variable. */
  has(name: string): boolean {
    return this.names.includes(name) || Boolean(process.env[name]);
  }

  /** Ask for a key and keep it; whether the user gave one. */
  async ask(name: string, title: string): Promise<boolean> {
    const key = await window.showInputBox({
      title: `pilotfish: the key for ${title}`,
      prompt: `It is kept in the system's secret storage, and handed to your own pilotfish server as ${name}.`,
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (/\s/.test(text.trim()) ? 'A key has no blanks in it.' : undefined),
    });
    if (key === undefined || key.trim() === '') return false;
    await this.context.secrets.store(name, key.trim());
    await this.context.globalState.update(NAMES, [...new Set([...this.names, name])]);
    return true;
  }

  /** Let the user choose a key to be forgotten; whether one was. */
  async forget(): Promise<boolean> {
    if (this.names.length === 0) {
      void window.showInformationMessage('pilotfish: no key is kept by VS Code.');
      return false;
    }
    const name = await window.showQuickPick(this.names, { title: 'pilotfish: forget a key' });
    if (name === undefined) return false;
    await this.context.secrets.delete(name);
    await this.context.globalState.update(NAMES, this.names.filter((each) => each !== name));
    return true;
  }
}
