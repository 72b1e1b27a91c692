// A change as the editor's own diff: on the left the file, on the right what it would become.

import { commands, type Disposable, EventEmitter, TabInputTextDiff, type TextDocumentContentProvider, Uri, window, workspace } from 'vscode';

import { type Change, documentOf } from './change';
import { made } from './hunks';

const SCHEME = 'pilotfish-change';

export class DiffView implements Disposable, TextDocumentContentProvider {
  private text = '';
  private right: Uri | undefined;
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly offering = workspace.registerTextDocumentContentProvider(SCHEME, this);

  get isOpen(): boolean {
    return this.right !== undefined;
  }

  provideTextDocumentContent(): string {
    return this.text;
  }

  /** Show this change, or what it has grown to. While the file is ahead of the server, the last text stays. */
  async show(change: Change): Promise<void> {
    const document = documentOf(change);
    if (document === undefined) return;
    this.text = made(document.getText(), change.hunks, ({ line, character }) =>
      document.offsetAt(document.validatePosition(document.positionAt(0).with(line, character))),
    );
    const right = change.uri.with({ scheme: SCHEME, query: change.id });
    if (this.right?.toString() === right.toString()) {
      this.changed.fire(right);
      return;
    }
    this.right = right;
    const title = `${change.uri.path.split('/').at(-1) ?? ''}: ${change.label}`;
    await commands.executeCommand('vscode.diff', change.uri, right, title, { preview: true, preserveFocus: true });
  }

  close(): void {
    const right = this.right?.toString();
    this.right = undefined;
    if (right === undefined) return;
    const tabs = window.tabGroups.all.flatMap(({ tabs }) => tabs);
    const ours = tabs.filter(({ input }) => input instanceof TabInputTextDiff && input.modified.toString() === right);
    void window.tabGroups.close(ours, true);
  }

  dispose(): void {
    this.changed.dispose();
    this.offering.dispose();
  }
}
