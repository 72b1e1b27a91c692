import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fitsInPlace, type Hunk, made, marks } from '../src/hunks';

const LINES = ['def area(self):', '    area = width * height', '    return area', ''];

function hunk(from: [number, number], to: [number, number], newText: string): Hunk {
  const [start, end] = [from, to].map(([line, character]) => ({ line, character }));
  assert(start && end);
  return { range: { start, end }, newText };
}

function offsetAt({ line, character }: { line: number; character: number }): number {
  return LINES.slice(0, line).join('\n').length + (line > 0 ? 1 : 0) + character;
}

test('the text with all hunks made, in whatever order they come', () => {
  const hunks = [hunk([2, 11], [2, 15], 'surface'), hunk([1, 4], [1, 8], 'surface')];
  const text = made(LINES.join('\n'), hunks, offsetAt);
  assert.equal(text, 'def area(self):\n    surface = width * height\n    return surface\n');
});

const fitting: [string, Hunk, boolean][] = [
  ['a word for a word', hunk([1, 4], [1, 8], 'surface'), true],
  ['two lines for two lines', hunk([1, 4], [2, 15], 'a = 1\n    return a'), true],
  ['two lines for one', hunk([2, 4], [2, 15], 'x = 1\n    return x'), false],
  ['a new line', hunk([2, 0], [2, 0], '    area += 1\n'), false],
  ['a line that goes', hunk([1, 0], [2, 0], ''), true],
];
for (const [what, change, fits] of fitting) {
  test(`${what} ${fits ? 'fits' : 'does not fit'} in place`, () => {
    assert.equal(fitsInPlace([change]), fits);
  });
}

const drawn: [string, Hunk, object[]][] = [
  ['only the words that differ', hunk([1, 4], [1, 25], 'surface = width * depth'), [
    { line: 1, from: 4, to: 25, text: 'surface = width * depth' },
  ]],
  ['each line by itself', hunk([1, 4], [2, 15], 'size = width * height\n    return size'), [
    { line: 1, from: 4, to: 8, text: 'size' },
    { line: 2, from: 11, to: 15, text: 'size' },
  ]],
  ['an insertion within a line', hunk([0, 13], [0, 13], ', unit'), [{ line: 0, from: 13, to: 13, text: ', unit' }]],
  ['a line that goes', hunk([1, 0], [2, 0], ''), [{ line: 1, from: 4, to: 25, text: '' }]],
  ['nothing for what stays', hunk([2, 4], [2, 15], 'return area'), []],
];
for (const [what, change, expected] of drawn) {
  test(`drawn is ${what}`, () => {
    assert.deepEqual(marks(change, (line) => LINES[line] ?? ''), expected);
  });
}
