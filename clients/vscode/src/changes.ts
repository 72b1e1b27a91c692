// A change that a model proposes, before it is made: `pilotfish/edit/preview` (docs/protocol.md).
//
// It is drawn in the text itself where it fits there. New lines do not: then an ordinary diff of the two texts
// opens, and grows along.

import { commands, type Disposable, EventEmitter, Selection, type Tab, TabInputText, Uri, window, workspace } from 'vscode';

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

/** Set while a change waits for the user's word, for the keys. */
const CONTEXT = 'pilotfish.hasChange';
/** The paths of what it is for, for the buttons: they stand above these editors alone. */
const CHANGED = 'pilotfish.changed';

export class Changes implements Disposable {
  private client: Client | undefined;
  /** Those that are being made or wait, by id; the last is the one that is shown. */
  private readonly all = new Map<string, Change>();
  private rejected = false;
  private readonly drawing = new Drawing();
  private readonly diff = new DiffView();
  private readonly becameWhole = new EventEmitter<void>();
  private readonly parts: Disposable[] = [
    this.drawing,
    this.diff,
    this.becameWhole,
    window.onDidChangeVisibleTextEditors(() => { this.draw(); }),
    window.tabGroups.onDidChangeTabs(({ closed }) => { for (const tab of closed) void this.abandon(tab); }),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.toString() === this.shown?.uri.toString()) this.draw();
    }),
  ];

  /** Listen to a client that is about to start; what an older one has shown is gone. */
  listenTo(client: Client): void {
    this.client = client;
    this.all.clear();
    this.update();
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
    return this.decide('reject');
  }

  /** Show the two texts side by side, or as the user has set it. */
  async showDiff(): Promise<void> {
    if (this.shown === undefined) return;
    await this.diff.show(this.shown, true);
    this.draw();
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }

  private get shown(): Change | undefined {
    return [...this.all.values()].at(-1);
  }

  private async decide(verdict: 'accept' | 'reject', change = this.shown): Promise<void> {
    if (change?.isWhole !== true) return;
    this.rejected = verdict === 'reject';
    this.all.delete(change.id);
    this.update();
    await this.client?.sendRequest(`pilotfish/edit/${verdict}`, { id: change.id });
  }

  /** Who closes the file has no use for what was to become of it. */
  private async abandon({ input }: Tab): Promise<void> {
    if (!(input instanceof TabInputText)) return;
    const of = [...this.all.values()].filter(({ uri }) => uri.toString() === input.uri.toString());
    await Promise.all(of.map((change) => this.decide('reject', change)));
  }

  private hear({ id, state, label, textDocument, edits }: Message): void {
    const before = this.all.get(id);
    if (state === 'gone' || textDocument === undefined) {
      this.all.delete(id);
      this.update();
      return;
    }
    const uri = Uri.parse(textDocument.uri);
    const isWhole = state === 'complete';
    this.all.set(id, { id, label: label ?? '', isWhole, uri, version: textDocument.version, hunks: edits ?? [] });
    if (before === undefined) unselect(uri);
    this.update();
    if (isWhole && before?.isWhole !== true) this.becameWhole.fire();
  }

  private update(): void {
    const whole = [...this.all.values()].filter(({ isWhole }) => isWhole);
    void commands.executeCommand('setContext', CONTEXT, this.shown?.isWhole === true);
    void commands.executeCommand('setContext', CHANGED, whole.map(({ uri }) => uri.fsPath));
    this.draw();
  }

  private draw(): void {
    const { shown } = this;
    const inPlace = shown !== undefined && fitsInPlace(shown.hunks) && !this.diff.isOpen;
    this.drawing.draw(shown, inPlace);
    if (shown === undefined) this.diff.close();
    else if (!inPlace) void this.diff.show(shown);
  }
}

/** The colour of a selection would hide those of the change. */
function unselect(uri: Uri): void {
  for (const editor of window.visibleTextEditors) {
    const { start } = editor.selection;
    if (editor.document.uri.toString() === uri.toString()) editor.selection = new Selection(start, start);
  }
}
