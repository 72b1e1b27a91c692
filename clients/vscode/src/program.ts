// Where the `pilotfish` program is: what the user says, else the first place that has one.

import { existsSync } from 'node:fs';
import * as path from 'node:path';

/** A program that can be started as a server. */
export interface Program {
  readonly command: string;
  /** Who named or held it, in the user's words. */
  readonly origin: string;
}

const WINDOWS = process.platform === 'win32';
/** The folder of an environment's programs. */
export const PROGRAMS = WINDOWS ? 'Scripts' : 'bin';

/** The first program of this name in these folders. Relative folders are passed over: they name another place each
 * time, and perhaps one in a folder that nobody trusts. */
export function programIn(folders: readonly string[], name = 'pilotfish'): string | undefined {
  return folders
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, WINDOWS ? `${name}.exe` : name))
    .find((file) => existsSync(file));
}

/** The folders of a `PATH`. */
export function searchPath(environment: NodeJS.ProcessEnv = process.env): string[] {
  return (environment.PATH ?? environment.Path ?? '').split(path.delimiter);
}

/** Where installers put a user's own programs; editors that were started from a desktop often do not know it. */
export function usersFolders(home: string): string[] {
  return WINDOWS ? [] : [path.join(home, '.local', 'bin')];
}
