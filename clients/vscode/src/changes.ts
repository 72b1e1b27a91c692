// A change that a model proposes, before it is made: `pilotfish/edit/preview` (docs/protocol.md).
//
// It is drawn in the text itself where it fits there. New lines do not: then an ordinary diff of the two texts
// opens, and grows along.

import { commands, type Disposable, EventEmitter, Selection, Uri, window, workspace } from 'vscode';

import type { Change } from './change';
import type { Client } from './client';
import { DiffView } from './diffView';
import { Drawing } from './drawing';
import { fitsInPlace, type Hunk } from './hunks';

interface Message {
  readonly id: string;
  readonly state: 'growing' | 'complete' | 'gone';
  readonly label?: string;
  readonly textDocument?: { uri: string; version: number };
  readonly edits?: Hunk[];
}

/** Set while a change waits for the user's word: its keys and buttons depend on it. */
const CONTEXT = 'pilotfish.hasChange';

export class Changes implements Disposable {
  private client: Client | undefined;
  private change: Change | undefined;
  private rejected = false;
  private readonly drawing = new Drawing();
  private readonly diff = new DiffView();
  private readonly becameWhole = new EventEmitter<void>();
  private readonly parts: Disposable[] = [
    this.drawing,
    this.diff,
    this.becameWhole,
    window.onDidChangeVisibleTextEditors(() => { this.draw(); }),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.toString() === this.change?.uri.toString()) this.draw();
    }),
  ];

  /** Listen to a client that is about to start; what an older one has shown is gone. */
  listenTo(client: Client): void {
    this.client = client;
    this.become(undefined);
    client.onNotification('pilotfish/edit/preview', (message: Message) => { this.hear(message); });
  }

  /** Resolves when the next change is whole, and so the user's to decide. */
  whole(): Promise<void> {
    return new Promise((resolve) => {
      const listening = this.becameWhole.event(() => {
        listening.dispose();
        resolve();
      });
    });
  }

  /** Whether the user has just said no, which ends an action with an error that needs no words. */
  wasRejected(): boolean {
    const { rejected } = this;
    this.rejected = false;
    return rejected;
  }

  accept(): Promise<void> {
    return this.decide('accept');
  }

  reject(): Promise<void> {
    this.rejected = this.change !== undefined;
    return this.decide('reject');
  }

  /** Show the two texts side by side, or as the user has set it. */
  async showDiff(): Promise<void> {
    if (this.change === undefined) return;
    await this.diff.show(this.change);
    this.draw();
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }

  private async decide(verdict: 'accept' | 'reject'): Promise<void> {
    const change = this.change;
    if (change?.isWhole !== true) return;
    this.become(undefined);
    await this.client?.sendRequest(`pilotfish/edit/${verdict}`, { id: change.id });
  }

  private hear({ id, state, label, textDocument, edits }: Message): void {
    if (state === 'gone' || textDocument === undefined) {
      if (this.change?.id === id) this.become(undefined);
      return;
    }
    this.become({
      id,
      label: label ?? '',
      isWhole: state === 'complete',
      uri: Uri.parse(textDocument.uri),
      version: textDocument.version,
      hunks: edits ?? [],
    });
  }

  private become(change: Change | undefined): void {
    const isNewlyWhole = change?.isWhole === true && this.change?.isWhole !== true;
    if (change !== undefined && change.id !== this.change?.id) unselect(change.uri);
    this.change = change;
    void commands.executeCommand('setContext', CONTEXT, change?.isWhole === true);
    this.draw();
    if (isNewlyWhole) this.becameWhole.fire();
  }

  private draw(): void {
    const { change } = this;
    const inPlace = change !== undefined && fitsInPlace(change.hunks) && !this.diff.isOpen;
    this.drawing.draw(change, inPlace);
    if (change === undefined) this.diff.close();
    else if (!inPlace) void this.diff.show(change);
  }
}

/** The colour of a selection would hide those of the change. */
function unselect(uri: Uri): void {
  for (const editor of window.visibleTextEditors) {
    const { start } = editor.selection;
    if (editor.document.uri.toString() === uri.toString()) editor.selection = new Selection(start, start);
  }
}
