// A change drawn in the text itself: what goes is struck through, what comes stands behind it, and above it are the
// buttons.

import {
  CodeLens,
  type CodeLensProvider,
  type DecorationOptions,
  type Disposable,
  EventEmitter,
  languages,
  Range,
  type TextDocument,
  ThemeColor,
  window,
} from 'vscode';

import { type Change, documentOf, rangeOf } from './change';
import { SCHEMES } from './client';
import { added, fitsInPlace, type Hunk } from './hunks';

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
  private readonly lensesChanged = new EventEmitter<void>();
  private readonly offering = languages.registerCodeLensProvider(
    SCHEMES.map((scheme) => ({ scheme })),
    this,
  );

  readonly onDidChangeCodeLenses = this.lensesChanged.event;

  /** Draw this one and no other. */
  draw(change: Change | undefined): void {
    const hadLenses = this.change?.isWhole;
    this.change = change;
    const document = change && documentOf(change);
    for (const editor of window.visibleTextEditors) {
      const hunks = change !== undefined && editor.document === document ? change.hunks : [];
      editor.setDecorations(this.goes, hunks.map(rangeOf));
      editor.setDecorations(this.comes, fitsInPlace(hunks) ? hunks.flatMap((hunk) => behind(hunk, editor.document)) : []);
    }
    if (hadLenses === true || change?.isWhole === true) this.lensesChanged.fire();
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    const { change } = this;
    const [first] = change?.hunks ?? [];
    if (change?.isWhole !== true || first === undefined || documentOf(change) !== document) return [];
    const line = first.range.start.line;
    const buttons: [string, string][] = [
      [`$(check) Accept: ${change.label}`, 'pilotfish.acceptChange'],
      ['$(close) Reject', 'pilotfish.rejectChange'],
      ['$(diff) Show as a Diff', 'pilotfish.diffChange'],
    ];
    return buttons.map(([title, command]) => new CodeLens(new Range(line, 0, line, 0), { title, command }));
  }

  dispose(): void {
    for (const part of [this.goes, this.comes, this.lensesChanged, this.offering]) part.dispose();
  }
}

function behind(hunk: Hunk, document: TextDocument): DecorationOptions[] {
  return added(hunk, (line) => document.lineAt(line).text.length).map(({ at, text }) => ({
    range: new Range(at.line, at.character, at.line, at.character),
    renderOptions: { after: { contentText: text } },
  }));
}
