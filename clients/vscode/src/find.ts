// The order in which places are looked at for the server.

import { homedir } from 'node:os';
import { workspace } from 'vscode';

import { selectedPrograms, type Start } from './environment';
import { type Program, programIn, searchPath, usersFolders } from './program';

/** The program to start; nothing where there is none yet. */
export async function findProgram(own: readonly string[]): Promise<Program | undefined> {
  const said = workspace.getConfiguration('pilotfish').get('path', '').trim();
  if (said !== '') return { command: completed(said), origin: 'the setting pilotfish.path' };
  const places: [string, () => readonly string[] | Promise<readonly string[]>][] = [
    ['the selected Python environment', () => selected('as it is')],
    ['the PATH', () => searchPath()],
    ['your own programs', () => usersFolders(homedir())],
    ['what this extension has set up', () => own],
    ['the selected Python environment', () => selected('start it')],
  ];
  for (const [origin, folders] of places) {
    const command = programIn(await folders());
    if (command !== undefined) return { command, origin };
  }
  return undefined;
}

/** A program of a folder that nobody trusts is not run, and an environment may well lie in the folder. */
async function selected(start: Start): Promise<readonly string[]> {
  return workspace.isTrusted ? selectedPrograms(start) : [];
}

/** What stands for folders in a setting, as elsewhere in VS Code. */
function completed(said: string): string {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  return said.replace(/^~(?=[/\\])/, homedir()).replace('${workspaceFolder}', folder);
}
