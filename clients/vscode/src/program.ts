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

/** The program in one of these folders; relative folders are passed over, since they name another place each time. */
export function programIn(folders: readonly string[], has = existsSync): string | undefined {
  const name = WINDOWS ? 'pilotfish.exe' : 'pilotfish';
  return folders
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, name))
    .find((file) => has(file));
}

/** The folders of a `PATH`. */
export function searchPath(environment: NodeJS.ProcessEnv = process.env): string[] {
  return (environment['PATH'] ?? environment['Path'] ?? '').split(path.delimiter);
}

/** Where the command line's own installers put programs, which editors started from a desktop often do not know. */
export function usersFolders(home: string): string[] {
  return WINDOWS ? [] : [path.join(home, '.local', 'bin')];
}
