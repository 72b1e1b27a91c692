// Where a change is drawn in the text that it is going to replace.

/** A place as the protocol counts it: from 0, in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** One piece of a change: `newText` in place of what is in `range`. */
export interface Hunk {
  readonly range: { readonly start: Place; readonly end: Place };
  readonly newText: string;
}

/** What changes within one line: the characters from `from` to `to` go, and `text` comes behind them. */
export interface Mark {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** New text can be drawn in a line of the old one only where it has no further line: a document has no lines that
 * are not its own. A break at an end is none, since that line is there already. */
export function fitsInPlace(hunks: readonly Hunk[]): boolean {
  return hunks.every(({ range, newText }) => {
    const breaks = newText.split('\n').length - 1;
    return breaks === 0 || breaks <= range.end.line - range.start.line;
  });
}

/** A hunk that fits in place, line by line, and of each line only the words that differ. */
export function marks({ range: { start, end }, newText }: Hunk, textOf: (line: number) => string): Mark[] {
  const comes = newText.split(/\r?\n/);
  const found: Mark[] = [];
  for (let line = start.line; line <= end.line; line += 1) {
    const from = line === start.line ? start.character : 0;
    const old = textOf(line).slice(from, line === end.line ? end.character : undefined);
    const { head, tail, text } = differing(old, comes[line - start.line] ?? '');
    if (head + tail < old.length || text !== '') found.push({ line, from: from + head, to: from + old.length - tail, text });
  }
  return found;
}

/** How many characters of the old text stay at its ends, by whole words, and what comes between them. */
function differing(old: string, comes: string): { head: number; tail: number; text: string } {
  const [before, after] = [words(old), words(comes)];
  const shorter = Math.min(before.length, after.length);
  let first = 0;
  while (first < shorter && before[first] === after[first]) first += 1;
  let last = 0;
  while (last < shorter - first && before.at(-1 - last) === after.at(-1 - last)) last += 1;
  const lengthOf = (parts: string[]): number => parts.join('').length;
  const text = after.slice(first, after.length - last).join('');
  // The indentation of what goes is nothing to look at.
  if (text === '' && first < before.length - last && before[first]?.trim() === '') first += 1;
  return { head: lengthOf(before.slice(0, first)), tail: lengthOf(before.slice(before.length - last)), text };
}

function words(text: string): string[] {
  return text.match(/\w+|\s+|[^\w\s]/g) ?? [];
}

/** The text with the hunks made, which do not overlap and all speak of the text before any of them. */
export function made(text: string, hunks: readonly Hunk[], offsetAt: (place: Place) => number): string {
  const pieces: string[] = [];
  let here = 0;
  for (const { range, newText } of [...hunks].sort((a, b) => offsetAt(a.range.start) - offsetAt(b.range.start))) {
    pieces.push(text.slice(here, offsetAt(range.start)), newText);
    here = offsetAt(range.end);
  }
  return [...pieces, text.slice(here)].join('');
}
