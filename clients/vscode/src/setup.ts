// Setting the server up in the extension's own storage: a virtual environment with the wheel that came along, and
// what it depends on from the user's own package index.

import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { type CancellationToken, type ExtensionContext, type LogOutputChannel, ProgressLocation, window, workspace } from 'vscode';

import { selectedPython } from './environment';
import { PROGRAMS, programIn, searchPath } from './program';
import { isNewEnough, whyNot } from './python';

const run = promisify(execFile);
const AGREED = 'setUpAgreed';
const DECLINED = 'setUpDeclined';
const YES = 'Set Up';
const CHOOSE = 'I Have It Already…';
const LATER = 'Not Now';

export class Setup {
  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {}

  /** The folders of programs that were set up for this version of the extension. */
  async programs(): Promise<string[]> {
    const folders = await readdir(this.storage).catch(() => []);
    return folders
      .filter((name) => name.startsWith(this.prefix))
      .map((name) => path.join(this.storage, name, PROGRAMS));
  }

  /** Ask whether to set it up, where nothing was said about that yet; whether the server is there afterwards.
   *
   * @param isAsked the user has asked for it just now, so an earlier no is forgotten. */
  async offer(isAsked: boolean): Promise<boolean> {
    // Who has agreed once gets the server that fits a newer extension without being asked again.
    const { globalState } = this.context;
    if (!isAsked && globalState.get(AGREED) === true) return this.perform();
    if (!isAsked && globalState.get(DECLINED) === true) return false;
    const answer = await window.showInformationMessage(
      'pilotfish: the server is not on this machine yet. It can be set up for VS Code alone: it comes with this ' +
        'extension, and what it needs besides from your package index (pip), 160 MB on disk. It is kept up to date ' +
        'with the extension.',
      YES,
      CHOOSE,
      LATER,
    );
    if (answer === CHOOSE) return chooseProgram();
    if (answer === LATER) await globalState.update(DECLINED, true);
    return answer === YES && this.perform();
  }

  private get prefix(): string {
    const { version } = this.context.extension.packageJSON as { version: string };
    return `server-${version}-`;
  }

  private get storage(): string {
    return this.context.globalStorageUri.fsPath;
  }

  private async perform(): Promise<boolean> {
    const options = { location: ProgressLocation.Notification, title: 'pilotfish: setting up the server', cancellable: true };
    try {
      await window.withProgress(options, async (progress, token) => {
        progress.report({ message: 'looking for Python' });
        const python = await findPython();
        progress.report({ message: 'installing (a minute or so)' });
        await this.install(python, token);
      });
    } catch (error) {
      this.log.error(`Setting up: ${String(error)}`);
      const { message } = error as Error;
      if (message !== '') void window.showErrorMessage(`pilotfish: ${message}`);
      return false;
    }
    await this.context.globalState.update(AGREED, true);
    await this.context.globalState.update(DECLINED, undefined);
    await this.removeOlder();
    return true;
  }

  /** Into a folder that no other window uses. It counts as a server once pilotfish itself is in it, which pip
   * installs last. */
  private async install(python: string, token: CancellationToken): Promise<void> {
    const folder = path.join(this.storage, `${this.prefix}${Date.now().toString(36)}`);
    try {
      await this.command(python, ['-m', 'venv', folder], token);
      const inside = path.join(folder, PROGRAMS, 'python');
      await this.command(inside, ['-m', 'pip', 'install', '--disable-pip-version-check', await this.wheel()], token);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private async wheel(): Promise<string> {
    const folder = this.context.asAbsolutePath('server');
    const name = (await readdir(folder).catch(() => [])).find((each) => each.endsWith('.whl'));
    if (name === undefined) throw new Error('This build of the extension came without the server. Install pilotfish with pip.');
    return path.join(folder, name);
  }

  private async command(program: string, given: string[], token: CancellationToken): Promise<void> {
    const stop = new AbortController();
    const listening = token.onCancellationRequested(() => { stop.abort(); });
    this.log.info(`${program} ${given.join(' ')}`);
    try {
      const { stdout } = await run(program, given, { signal: stop.signal, maxBuffer: 2 ** 24, windowsHide: true });
      this.log.info(stdout);
    } catch (error) {
      if (token.isCancellationRequested) throw new Error('', { cause: error });
      const { stderr = '', message } = error as Error & { stderr?: string };
      this.log.error(stderr);
      throw new Error(whyNot(stderr, message), { cause: error });
    } finally {
      listening.dispose();
    }
  }

  private async removeOlder(): Promise<void> {
    const folders = await readdir(this.storage).catch(() => []);
    const older = folders.filter((name) => name.startsWith('server-') && !name.startsWith(this.prefix));
    // One that another window still runs cannot be removed on Windows; the next time it can.
    await Promise.allSettled(older.map((name) => rm(path.join(this.storage, name), { recursive: true })));
  }
}

/** A Python that is new enough: the selected environment's, else one on the PATH.
 *
 * Raises an error in words if there is none. */
async function findPython(): Promise<string> {
  const selected = workspace.isTrusted ? await selectedPython() : undefined;
  const names = ['python3.13', 'python3.12', 'python3.11', 'python3', 'python'];
  const onPath = names.map((name) => programIn(searchPath(), name)).filter((each) => each !== undefined);
  for (const python of selected === undefined ? onPath : [selected, ...onPath]) {
    const { stdout } = await run(python, ['--version']).catch(() => ({ stdout: '' }));
    if (isNewEnough(stdout)) return python;
  }
  throw new Error('No Python 3.11 or newer was found. Install one, and choose “Set Up the Server” in the menu of pilotfish.');
}

async function chooseProgram(): Promise<boolean> {
  const [file] = (await window.showOpenDialog({ title: 'The pilotfish program', openLabel: 'Use' })) ?? [];
  if (file === undefined) return false;
  await workspace.getConfiguration('pilotfish').update('path', file.fsPath, true);
  return true;
}
