// A change as the editor's own diff: on the left the file, on the right what it would become.

import {
  commands,
  type Disposable,
  EventEmitter,
  type Tab,
  TabInputTextDiff,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';

import { type Change, documentOf } from './change';
import { made } from './hunks';

const SCHEME = 'pilotfish-change';

export class DiffView implements Disposable, TextDocumentContentProvider {
  private text = '';
  private right: Uri | undefined;
  /** The id of the change whose diff the user has closed, and which is not opened again unless asked for. */
  private closedByHand = '';
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly parts: Disposable[] = [
    this.changed,
    workspace.registerTextDocumentContentProvider(SCHEME, this),
    window.tabGroups.onDidChangeTabs(({ closed }) => { if (closed.some((tab) => this.isOurs(tab))) this.closed(); }),
  ];

  get isOpen(): boolean {
    return this.right !== undefined;
  }

  provideTextDocumentContent(): string {
    return this.text;
  }

  /** Show this change, or what it has grown to. While the file is ahead of the server, the last text stays. */
  async show(change: Change, isAsked = false): Promise<void> {
    const document = documentOf(change);
    if (document === undefined || (change.id === this.closedByHand && !isAsked)) return;
    this.text = made(document.getText(), change.hunks, ({ line, character }) =>
      document.offsetAt(document.positionAt(0).with(line, character)),
    );
    const right = change.uri.with({ scheme: SCHEME, query: change.id });
    const isThere = this.right?.toString() === right.toString();
    this.right = right;
    this.changed.fire(right);
    if (isThere && !isAsked) return;
    const title = `${change.uri.path.split('/').at(-1) ?? ''}: ${change.label}`;
    // A tab of its own: as a preview it would take the place of the file's, if that is one.
    await commands.executeCommand('vscode.diff', change.uri, right, title, { preview: false, preserveFocus: true });
  }

  close(): void {
    const ours = window.tabGroups.all.flatMap(({ tabs }) => tabs).filter((tab) => this.isOurs(tab));
    this.right = undefined;
    this.closedByHand = '';
    if (ours.length > 0) void window.tabGroups.close(ours, true);
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }

  private isOurs({ input }: Tab): boolean {
    return input instanceof TabInputTextDiff && input.modified.toString() === this.right?.toString();
  }

  private closed(): void {
    this.closedByHand = this.right?.query ?? '';
    this.right = undefined;
  }
}
