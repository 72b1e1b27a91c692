// What the extension is made of; each part is a file.

import { commands, type ExtensionContext, window, workspace } from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

import { executeCommand } from './actions';
import { advice } from './advice';
import { Changes } from './changes';
import { registerCommands } from './commands';
import { inWords } from './condition';
import { showDocument } from './documents';
import { selectedEnvironmentChanged } from './environment';
import { findProgram } from './find';
import { answer } from './instruct';
import { Keys } from './keys';
import { tellOfNeighbours } from './neighbours';
import { Pause } from './pause';
import { Server } from './server';
import { SECTION, settings } from './settings';
import { Setup } from './setup';
import { showInStatusBar } from './statusBar';

/** What other extensions, and tests, are given. */
export interface Interface {
  /** Ask the server that runs for this window: the protocol, and docs/protocol.md. */
  request(method: string, params?: unknown): Promise<unknown>;
}

/** Set while a server answers. */
const RUNNING = 'pilotfish.running';

let server: Server | undefined;

export function activate(context: ExtensionContext): Interface {
  const log = window.createOutputChannel('pilotfish', { log: true });
  const trace = window.createOutputChannel('pilotfish (trace)', { log: true });
  const own = (context.extension.packageJSON as { version: string }).version;
  const keys = new Keys(context);
  const setup = new Setup(context, log);
  const changes = new Changes();
  const running = new Server({
    log,
    trace,
    find: async () => findProgram(await setup.programs()),
    environment: () => keys.environment(),
    settings,
    middleware: middleware(changes),
    advice: (version, program) => advice(own, version, program),
  });
  server = running;
  const pause = new Pause(running);
  context.subscriptions.push(
    log,
    trace,
    running,
    changes,
    ...registerCommands({ context, server: running, pause, changes, keys, setup, log, trace }),
    ...showInStatusBar(running, pause),
    running.onWillStart((client) => {
      changes.listenTo(client);
      client.onRequest('pilotfish/ask', answer);
    }),
    running.onDidChange(({ kind }) => void commands.executeCommand('setContext', RUNNING, kind === 'running')),
    running.onDidStart(() => { pause.tell().catch((error: unknown) => { log.warn(String(error)); }); }),
    running.onTrouble((problem) => void tell(inWords(problem))),
  );
  void begin(context, running, setup);
  return { request: (method, params) => running.request(method, params) };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

async function begin(context: ExtensionContext, running: Server, setup: Setup): Promise<void> {
  await running.restart();
  if (running.condition.kind === 'running' && running.condition.advice !== undefined) {
    void tell(inWords(running.condition.advice));
  }
  context.subscriptions.push(
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('pilotfish.path')) void running.restart();
    }),
  );
  if (isMissing(running)) await provide(context, running, setup);
  if (running.running !== undefined) await tellOfNeighbours(context);
}

async function provide(context: ExtensionContext, running: Server, setup: Setup): Promise<void> {
  context.subscriptions.push(
    // A server may lie in the environment that the user selects, or in the folder that is trusted, only now.
    await selectedEnvironmentChanged(() => { if (isMissing(running)) void running.restart(); }),
  );
  if (await setup.offer(false)) await running.restart();
}

function isMissing({ condition }: Server): boolean {
  return condition.kind === 'missing';
}

function middleware(changes: Changes): Middleware {
  return {
    executeCommand: executeCommand(() => server?.running, changes),
    provideInlineCompletionItems: async (document, position, context, token, next) => {
      try {
        return await next(document, position, context, token);
      } catch {
        return null; // Whatever it is, it stands in the log, and nobody who types wants to hear of it.
      }
    },
    workspace: {
      configuration: ({ items }) => items.map(({ section }) => (section === SECTION ? settings() : null)),
    },
    window: { showDocument },
  };
}

async function tell(sentence: string): Promise<void> {
  const [restart, log] = ['Restart', 'Show the Log'];
  const said = await window.showErrorMessage(`pilotfish: ${sentence}`, restart, log);
  if (said === restart) await commands.executeCommand('pilotfish.restart');
  if (said === log) await commands.executeCommand('pilotfish.log');
}
