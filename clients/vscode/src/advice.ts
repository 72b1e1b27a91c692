// What to tell the user of a server that is not of the extension's own version.

import type { Problem } from './condition';
import type { Program } from './program';

/** A server of another `major.minor` may lack what the extension asks of it; nothing where both fit. */
export function advice(own: string, version: string, program: Program): Problem | undefined {
  const [ours, theirs] = [own, version].map(majorAndMinor);
  if (ours === theirs) return undefined;
  return {
    text: `This extension is version ${own}, and the server ${version} (${program.command}, found by ${program.origin})`,
    action: isOlder(theirs, ours)
      ? `Update the server, with the program that it was installed with: for pip, pip install --upgrade pilotfish.`
      : 'Update the extension.',
  };
}

function majorAndMinor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function isOlder(one = '', other = ''): boolean {
  return one.localeCompare(other, 'en', { numeric: true }) < 0;
}
