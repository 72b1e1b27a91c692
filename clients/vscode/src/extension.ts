// What the extension is made of; each part is a file.

import { join } from 'node:path';
import { commands, type ExtensionContext, window } from 'vscode';

import { findProgram } from './find';
import { Server } from './server';
import { settings } from './settings';
import { showInStatusBar } from './statusBar';
import { PROGRAMS } from './program';

/** What other extensions, and tests, are given. */
export interface Interface {
  /** Ask the server that runs for this window: the protocol, and docs/protocol.md. */
  request(method: string, params?: unknown): Promise<unknown>;
}

let server: Server | undefined;

export function activate(context: ExtensionContext): Interface {
  const log = window.createOutputChannel('pilotfish', { log: true });
  const trace = window.createOutputChannel('pilotfish (trace)', { log: true });
  const own = join(context.globalStorageUri.fsPath, 'server', PROGRAMS);
  const running = new Server({
    log,
    trace,
    find: () => findProgram(own),
    environment: () => Promise.resolve(process.env),
    settings,
    middleware: {},
    advice: () => undefined,
  });
  server = running;
  context.subscriptions.push(
    log,
    trace,
    running,
    ...showInStatusBar(running),
    commands.registerCommand('pilotfish.restart', () => running.restart()),
    commands.registerCommand('pilotfish.log', () => { log.show(); }),
    commands.registerCommand('pilotfish.menu', () => { log.show(); }),
  );
  void running.restart();
  return { request: (method, params) => running.request(method, params) };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
