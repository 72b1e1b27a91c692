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

/** Text that is drawn behind a place, although it is not there. */
export interface Added {
  readonly at: Place;
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

/** The new text of a hunk, line by line behind the lines that it replaces. */
export function added({ range, newText }: Hunk, lengthOf: (line: number) => number): Added[] {
  return newText
    .split(/\r?\n/)
    .map((text, number) => ({ at: endWithin(range, range.start.line + number, lengthOf), text }))
    .filter(({ text, at }) => text.trim() !== '' && at.line <= range.end.line);
}

/** Where what is replaced of a line ends. */
function endWithin({ start, end }: Hunk['range'], line: number, lengthOf: (line: number) => number): Place {
  if (line > end.line || line < start.line) return { line, character: 0 };
  return line === end.line && end.character > 0 ? end : { line, character: lengthOf(line) };
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
