// What the user starts by hand at a place: an edit by instruction, an explanation.

import { type TextEditor, window } from 'vscode';

import { perform } from './actions';
import type { Changes } from './changes';
import type { Client } from './client';

/** Ask what to do, and have it done to the selection, or to the definition around the cursor. */
export async function editWithInstruction(client: Client | undefined, changes: Changes): Promise<void> {
  const place = here(client);
  if (place === undefined) return;
  const instruction = await window.showInputBox({
    title: 'pilotfish: edit with instruction',
    prompt: place.editor.selection.isEmpty ? 'What to do with this definition' : 'What to do with the selected lines',
    placeHolder: 'use a dataclass',
  });
  if (instruction === undefined || instruction.trim() === '') return;
  const argument = { ...place.argument, title: instruction, instruction };
  await perform(place.client, changes, 'pilotfish.action.edit', [argument]);
}

/** Explain the selection, or the definition around the cursor. */
export async function explainCode(client: Client | undefined, changes: Changes): Promise<void> {
  const place = here(client);
  if (place === undefined) return;
  await perform(place.client, changes, 'pilotfish.action.explain', [{ ...place.argument, title: 'Explain' }]);
}

/** Answer the server's `pilotfish/ask`. */
export async function answer({ question }: { question: string }): Promise<string | null> {
  return (await window.showInputBox({ title: 'pilotfish', prompt: question, ignoreFocusOut: true })) ?? null;
}

function here(client: Client | undefined): { client: Client; editor: TextEditor; argument: object } | undefined {
  const editor = window.activeTextEditor;
  if (client?.isRunning() !== true || editor === undefined) {
    const missing = editor === undefined ? 'open a file first' : 'the server is not running';
    void window.showInformationMessage(`pilotfish: ${missing}.`);
    return undefined;
  }
  const { uri } = client.code2ProtocolConverter.asTextDocumentIdentifier(editor.document);
  return { client, editor, argument: { uri, range: client.code2ProtocolConverter.asRange(editor.selection) } };
}
