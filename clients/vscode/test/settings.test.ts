import assert from 'node:assert/strict';
import { test } from 'node:test';

import { setting, settings } from '../src/settings';
import { followed, type Rule, type Said } from '../src/trust';
import { said } from './vscode';

const cases: [string, Rule, Said, unknown][] = [
  ['nothing is said', 'anyone', { preset: 1 }, undefined],
  ['only the user says it', 'lower', { preset: 10, user: 5 }, 5],
  ['a workspace may set what anyone may', 'anyone', { user: 0.5, workspace: 0.2 }, 0.2],
  ['a workspace may not set what is the user\'s', 'user', { user: ['a'], workspace: ['b'] }, ['a']],
  ['a workspace may switch off', 'lower', { preset: true, workspace: false }, false],
  ['a workspace may not switch on what the user has off', 'lower', { preset: true, user: false, workspace: true }, false],
  ['a workspace may not leave the local machine', 'raise', { preset: false, user: true, workspace: false }, true],
  ['a workspace may lower a number', 'lower', { preset: 10, workspace: 3 }, 3],
  ['a workspace may not raise it', 'lower', { preset: 10, user: 5, workspace: 8 }, 5],
  ['a workspace may add to a list', 'raise', { preset: [], user: ['go'], workspace: ['c', 'go'] }, ['go', 'c']],
  ['nonsense of a workspace counts for nothing', 'lower', { preset: 10, user: 5, workspace: 'x' }, 5],
];
for (const [what, rule, given, expected] of cases) {
  test(what, () => { assert.deepEqual(followed(rule, given), expected); });
}

test('the server is sent what is set, in tables, and no default', () => {
  said['pilotfish.completion.enabled'] = { defaultValue: true };
  said['pilotfish.completion.max_lines'] = { defaultValue: 10, globalValue: 4 };
  said['pilotfish.backend'] = { defaultValue: ['embedded'], globalValue: ['embedded', 'mine'] };
  assert.deepEqual(settings(), { backend: ['embedded', 'mine'], completion: { max_lines: 4 } });
  assert.equal(setting('completion.enabled'), true);
});
