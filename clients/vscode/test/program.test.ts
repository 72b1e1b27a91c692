import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';

import { programIn, searchPath } from '../src/program';
import { isNewEnough, whyNot } from '../src/python';

test('a program is found in the first folder that has one, never in a relative one', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pilotfish-'));
  const name = process.platform === 'win32' ? 'pilotfish.exe' : 'pilotfish';
  writeFileSync(path.join(folder, name), '');
  assert.equal(programIn(['/nowhere', folder]), path.join(folder, name));
  assert.equal(programIn([path.relative('.', folder), '']), undefined);
  rmSync(folder, { recursive: true });
});

test('a PATH that is missing has no folders that count', () => {
  assert.equal(programIn(searchPath({})), undefined);
});

test('Python has to be 3.11 or newer', () => {
  const said = ['Python 3.10.12', 'Python 3.11.0rc1', 'Python 3.13.1', 'Python 2.7.18', 'Python 4.0.0', 'what?', ''];
  assert.deepEqual(said.map(isNewEnough), [false, true, true, false, true, false, false]);
});

const reasons: [string, string, RegExp][] = [
  ['no network', 'WARNING: Retrying … NewConnectionError(\'<pip…>: Failed to establish a new connection\')\nERROR: No matching distribution', /index could not be reached/],
  ['no venv', 'The virtual environment was not created successfully because ensurepip is not available.', /python3-venv/],
  ['something else', 'first\nERROR: disk full\n', /ERROR: disk full/],
  ['nothing said', '', /spawn ENOENT/],
];
for (const [what, stderr, expected] of reasons) {
  test(`why setting up failed, in words: ${what}`, () => { assert.match(whyNot(stderr, 'spawn ENOENT'), expected); });
}
