// Code actions, as the server does them: the answer streams into a notification, whose button cancels it.

import { CancellationTokenSource, commands, ProgressLocation, window } from 'vscode';
import { type ExecuteCommandSignature, LSPErrorCodes, ResponseError, WorkDoneProgress } from 'vscode-languageclient/node';

import type { Client } from './client';
import type { Changes } from './changes';

const ACTION = 'pilotfish.action.';
const ACCEPTED = 'pilotfish.accepted';
/** Set once a completion was taken: the second of the first steps is done. */
const HAS_WRITTEN = 'pilotfish.hasWritten';
let tokens = 0;

/** What is done instead of sending a command bare. */
export function executeCommand(client: () => Client | undefined, changes: Changes) {
  return async (command: string, given: unknown[], next: ExecuteCommandSignature): Promise<unknown> => {
    if (command === ACCEPTED) void commands.executeCommand('setContext', HAS_WRITTEN, true);
    const running = client();
    if (running === undefined || !command.startsWith(ACTION)) return next(command, given);
    return perform(running, changes, command, given);
  };
}

/** Do a code action to its end; what goes wrong is told to the user, who has asked for it. */
export async function perform(client: Client, changes: Changes, command: string, given: unknown[]): Promise<void> {
  const cancelled = new CancellationTokenSource();
  const workDoneToken = `pilotfish/client/${(tokens += 1)}`;
  const done = client.sendRequest('workspace/executeCommand', { command, arguments: given, workDoneToken }, cancelled.token);
  // Once the whole change is shown, its own buttons decide, and a notification would only be in the way.
  const shown = Promise.race([done, changes.whole()]);
  void window.withProgress(
    { location: ProgressLocation.Notification, title: titleOf(given), cancellable: true },
    async (progress, token) => {
      const listening = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
        if (value.kind !== 'end' && value.message !== undefined) progress.report({ message: value.message });
      });
      token.onCancellationRequested(() => { cancelled.cancel(); });
      await shown.catch(() => undefined);
      listening.dispose();
    },
  );
  try {
    await done;
  } catch (error) {
    if (!isCancelled(error) && !changes.wasRejected()) {
      void window.showErrorMessage(`pilotfish: ${error instanceof Error ? error.message : String(error)}`);
    }
  } finally {
    cancelled.dispose();
  }
}

function titleOf(given: unknown[]): string {
  const [first] = given as [{ title?: unknown }?];
  return typeof first?.title === 'string' ? `pilotfish: ${first.title}` : 'pilotfish';
}

function isCancelled(error: unknown): boolean {
  return error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled;
}
