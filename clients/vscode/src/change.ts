// A change that a model proposes, as the editor knows it now.

import { type TextDocument, type Uri, workspace } from 'vscode';

import type { Hunk } from './hunks';

export interface Change {
  readonly id: string;
  readonly label: string;
  readonly isWhole: boolean;
  readonly uri: Uri;
  readonly version: number;
  readonly hunks: readonly Hunk[];
}

/** The document that a change is made for, if it is open and as the server knew it. */
export function documentOf(change: Change): TextDocument | undefined {
  const open = workspace.textDocuments.find(({ uri }) => uri.toString() === change.uri.toString());
  return open?.version === change.version ? open : undefined;
}
