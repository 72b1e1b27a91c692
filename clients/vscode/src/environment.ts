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

/** Its interface; nothing where it is not installed, or too old to have one. */
async function pythonEnvironments(): Promise<Environments | undefined> {
  const extension = extensions.getExtension<{ environments?: Environments }>('ms-python.python');
  const patience = new Promise<undefined>((resolve) => setTimeout(() => { resolve(undefined); }, PATIENCE_MS));
  try {
    return (await Promise.race([extension?.activate(), patience]))?.environments;
  } catch {
    return undefined; // It says itself what is wrong with it.
  }
}

/** The interpreter of the selected environment. */
export async function selectedPython(): Promise<string | undefined> {
  const environments = await pythonEnvironments();
  if (environments === undefined) return undefined;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const found = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
  return found?.executable.uri?.fsPath;
}

/** The folder of the selected environment's programs. */
export async function selectedPrograms(): Promise<string[]> {
  const python = await selectedPython();
  return python === undefined ? [] : [path.dirname(python)];
}

/** Call when the user selects another environment, or trusts the folder, whose environment counts from then on. */
export async function selectedEnvironmentChanged(call: () => void): Promise<Disposable> {
  const environments = await pythonEnvironments();
  return Disposable.from(
    workspace.onDidGrantWorkspaceTrust(call),
    ...(environments === undefined ? [] : [environments.onDidChangeActiveEnvironmentPath(call)]),
  );
}
