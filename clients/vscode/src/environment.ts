// The Python environment that the user has selected, as Microsoft's Python extension tells it.

import * as path from 'node:path';
import { Disposable, type Event, extensions, type Uri, workspace } from 'vscode';

interface Environments {
  getActiveEnvironmentPath(resource?: Uri): { path: string };
  resolveEnvironment(environment: { path: string }): Promise<{ executable: { uri: Uri | undefined } } | undefined>;
  onDidChangeActiveEnvironmentPath: Event<unknown>;
}

/** Its start may wait for a long look at the disk. */
const PATIENCE_MS = 10_000;

/** Whether the Python extension may be started: it starts by itself where there is Python, and takes seconds. */
export type Start = 'start it' | 'as it is';

/** Its interface; nothing where it is not installed, too old to have one, or does not run. */
async function pythonEnvironments(start: Start): Promise<Environments | undefined> {
  const extension = extensions.getExtension<{ environments?: Environments }>('ms-python.python');
  if (start === 'as it is' && extension?.isActive !== true) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => { timer = setTimeout(() => { resolve(undefined); }, PATIENCE_MS); });
  try {
    return (await Promise.race([extension?.activate(), patience]))?.environments;
  } catch {
    return undefined; // It says itself what is wrong with it.
  } finally {
    clearTimeout(timer);
  }
}

/** The interpreter of the selected environment. */
export async function selectedPython(start: Start = 'start it'): Promise<string | undefined> {
  const environments = await pythonEnvironments(start);
  const folder = workspace.workspaceFolders?.[0]?.uri;
  try {
    const found = await environments?.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
    return found?.executable.uri?.fsPath;
  } catch {
    return undefined; // An environment that cannot be looked into has no server.
  }
}

/** The folder of the selected environment's programs. */
export async function selectedPrograms(start: Start): Promise<string[]> {
  const python = await selectedPython(start);
  return python === undefined ? [] : [path.dirname(python)];
}

/** Call when the user selects another environment, or trusts the folder, whose environment counts from then on. */
export async function selectedEnvironmentChanged(call: () => void): Promise<Disposable> {
  const environments = await pythonEnvironments('start it');
  return Disposable.from(
    workspace.onDidGrantWorkspaceTrust(call),
    ...(environments === undefined ? [] : [environments.onDidChangeActiveEnvironmentPath(call)]),
  );
}
