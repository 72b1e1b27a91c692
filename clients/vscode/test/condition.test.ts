import assert from 'node:assert/strict';
import { test } from 'node:test';

import { advice } from '../src/advice';
import { type Condition, shown, type Status } from '../src/condition';
import { entries } from '../src/menu';
import { Restarts } from '../src/restarts';

const READY: Status = {
  version: '0.1.0',
  backend: 'embedded',
  state: 'ready',
  problem: null,
  index: { state: 'ready', files: 12, total: 12 },
};
const AWAKE = { everywhere: false, window: false, language: false };

function running(changes: Partial<Status>): Condition {
  return { kind: 'running', status: { ...READY, ...changes } };
}

const conditions: [string, Condition, string, RegExp, boolean][] = [
  ['ready', running({}), '$(sparkle) pilotfish', /^ready: embedded, 12 files known$/, false],
  ['indexing', running({ index: { state: 'building', files: 21, total: 50 } }), '$(sync~spin) pilotfish 42 %', /21 of 50/, false],
  ['before anything is counted', running({ index: { state: 'building', files: 0, total: 0 } }), '$(sync~spin) pilotfish', /beginning/, false],
  ['thinking', running({ state: 'thinking' }), '$(loading~spin) pilotfish', /embedded is thinking/, false],
  ['off', running({ state: 'off' }), '$(circle-slash) pilotfish', /paused/, false],
  ['a problem', running({ state: 'problem', problem: { text: 'no', action: 'Do it.' } }), '$(warning) pilotfish', /^no\. Do it\.$/, true],
  ['an index that failed', running({ index: { state: 'failed', files: 0, total: 0 } }), '$(warning) pilotfish', /index.*doctor/, true],
  ['no server', { kind: 'missing' }, '$(warning) pilotfish: set up', /not on this machine/, true],
  ['a server that does not start', { kind: 'failed', problem: { text: 'x', action: null } }, '$(warning) pilotfish', /^x\.$/, true],
];
for (const [what, condition, text, sentence, isProblem] of conditions) {
  test(`the status bar shows ${what}`, () => {
    const found = shown(condition);
    assert.equal(found.text, text);
    assert.match(found.sentence, sentence);
    assert.equal(found.isProblem, isProblem);
  });
}

test('the menu offers the way out of a problem first', () => {
  const first = (condition: Condition): string | undefined => entries(condition, AWAKE, 'python')[0]?.command;
  assert.equal(first({ kind: 'missing' }), 'pilotfish.setUp');
  assert.equal(first({ kind: 'failed', problem: { text: 'x', action: null } }), 'pilotfish.restart');
  assert.equal(first(running({ problem: { text: 'x', action: null } })), 'pilotfish.runDoctor');
});

test('the menu resumes what is paused, and pauses what is not', () => {
  const commands = entries(running({}), { everywhere: true, window: false, language: true }, 'go').map(({ command }) => command);
  for (const name of ['resumeEverywhere', 'pauseHere', 'resumeLanguage']) assert(commands.includes(`pilotfish.${name}`), name);
});

test('a crash is followed by longer waits, and told of once, until the server was well for a while', () => {
  const restarts = new Restarts();
  const crashes = [0, 0, 0, 0, 0].map((livedMs) => restarts.crashed(livedMs));
  assert.deepEqual(crashes.map(({ waitMs }) => waitMs), [500, 4_000, 16_000, 60_000, 60_000]);
  assert.deepEqual(crashes.map(({ tell }) => tell), [false, false, true, false, false]);
  assert.equal(restarts.crashed(600_000).waitMs, 500);
});

test('another minor version is said in words, with what to update', () => {
  const program = { command: '/bin/pilotfish', origin: 'the PATH' };
  assert.equal(advice('0.2.1', '0.2.9', program), undefined);
  assert.match(advice('0.10.0', '0.9.0', program)?.action ?? '', /Update the server/);
  assert.match(advice('0.2.0', '0.3.0', program)?.action ?? '', /Update the extension/);
});
