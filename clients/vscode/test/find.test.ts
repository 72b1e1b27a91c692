import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { findProgram } from '../src/find';
import { PROGRAMS } from '../src/program';
import { installed, Python, said } from './vscode';

const SELECTED = 'the selected Python environment';
const PATH = process.env.PATH;
let folder = '';

/** A folder with a server in it. */
function holding(name: string): string {
  const programs = path.join(folder, name, PROGRAMS);
  mkdirSync(programs, { recursive: true });
  writeFileSync(path.join(programs, process.platform === 'win32' ? 'pilotfish.exe' : 'pilotfish'), '');
  return programs;
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pilotfish-'));
  process.env.PATH = '';
  process.env.HOME = process.env.USERPROFILE = folder;
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  process.env.PATH = PATH;
  delete installed['ms-python.python'];
  delete said['pilotfish.path'];
});

test('the selected environment goes before the PATH where its extension runs', async () => {
  installed['ms-python.python'] = new Python(path.join(holding('env'), 'python'), true);
  process.env.PATH = holding('path');
  assert.equal((await findProgram([]))?.origin, SELECTED);
});

test('the Python extension is not started as long as there is a server elsewhere', async () => {
  const python = new Python(path.join(holding('env'), 'python'), false);
  installed['ms-python.python'] = python;
  process.env.PATH = holding('path');
  assert.equal((await findProgram([]))?.origin, 'the PATH');
  assert.equal(python.isActive, false);
  process.env.PATH = '';
  assert.equal((await findProgram([]))?.origin, SELECTED);
});

test('an environment that cannot be looked into is passed over', async () => {
  installed['ms-python.python'] = new Python(undefined, true);
  assert.equal((await findProgram([holding('own')]))?.origin, 'what this extension has set up');
});

test('a program that the user has named is the only one', async () => {
  said['pilotfish.path'] = { globalValue: '~/my-pilotfish' };
  process.env.PATH = holding('path');
  assert.deepEqual(await findProgram([]), {
    command: path.join(folder, 'my-pilotfish'),
    origin: 'the setting pilotfish.path',
  });
});
