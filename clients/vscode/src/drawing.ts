// A change drawn in the text itself: what goes is struck through, what comes stands behind it, and above it are the
// buttons.

import {
  CodeLens,
  type CodeLensProvider,
  type DecorationOptions,
  type Disposable,
  languages,
  Range,
  type TextDocument,
  ThemeColor,
  window,
} from 'vscode';

import { type Change, documentOf } from './change';
import { SELECTOR } from './client';
import { type Mark, marks } from './hunks';

export class Drawing implements Disposable, CodeLensProvider {
  private change: Change | undefined;
  private readonly goes = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor('diffEditor.removedTextBackground'),
    textDecoration: 'line-through',
    overviewRulerColor: new ThemeColor('diffEditorOverview.removedForeground'),
  });
  private readonly comes = window.createTextEditorDecorationType({
    after: { backgroundColor: new ThemeColor('diffEditor.insertedTextBackground') },
    overviewRulerColor: new ThemeColor('diffEditorOverview.insertedForeground'),
  });
  /** The buttons' registration, only while there are some: without it the editor asks for none at each edit. */
  private buttons: Disposable | undefined;

  /** Draw this one and no other; its buttons alone where it is shown elsewhere. */
  draw(change: Change | undefined, inPlace: boolean): void {
    this.change = change;
    const document = change && documentOf(change);
    for (const editor of window.visibleTextEditors) {
      const hunks = change !== undefined && inPlace && editor.document === document ? change.hunks : [];
      const drawn = hunks.flatMap((hunk) => marks(hunk, (line) => editor.document.lineAt(line).text));
      editor.setDecorations(this.goes, drawn.map(({ line, from, to }) => new Range(line, from, line, to)));
      editor.setDecorations(this.comes, drawn.filter(({ text }) => text !== '').map(behind));
    }
    this.buttons?.dispose();
    this.buttons = change?.isWhole === true ? languages.registerCodeLensProvider(SELECTOR, this) : undefined;
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    const { change } = this;
    const [first] = change?.hunks ?? [];
    if (change?.isWhole !== true || first === undefined || documentOf(change) !== document) return [];
    const line = first.range.start.line;
    const buttons: [string, string][] = [
      ['Accept', 'pilotfish.acceptChange'],
      ['Reject', 'pilotfish.rejectChange'],
      ['Show as a Diff', 'pilotfish.diffChange'],
    ];
    return buttons.map(([title, command]) => new CodeLens(new Range(line, 0, line, 0), { title, command }));
  }

  dispose(): void {
    for (const part of [this.goes, this.comes, this.buttons]) part?.dispose();
  }
}

/** The editor draws no blanks at the ends of such a text, unless they are those that do not break. */
function behind({ line, from, to, text }: Mark): DecorationOptions {
  const contentText = text.replaceAll(' ', '\u00a0');
  // Behind what goes it stands a little apart; an insertion is drawn as it will be.
  const margin = from < to ? '0 0 0 0.5ch' : '0';
  return { range: new Range(line, to, line, to), renderOptions: { after: { contentText, margin } } };
}
