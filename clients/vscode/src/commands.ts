// Every command that the user can give, by its name.

import { commands, type Disposable, type ExtensionContext, type LogOutputChannel, window } from 'vscode';

import { chooseBackend } from './backend';
import type { Changes } from './changes';
import { editWithInstruction, explainCode } from './instruct';
import type { Keys } from './keys';
import { showMenu } from './menu';
import { activeLanguage, type Pause } from './pause';
import type { Server } from './server';
import type { Setup } from './setup';

/** What commands act on. */
export interface Acting {
  readonly context: ExtensionContext;
  readonly server: Server;
  readonly pause: Pause;
  readonly changes: Changes;
  readonly keys: Keys;
  readonly setup: Setup;
  readonly log: LogOutputChannel;
  readonly trace: LogOutputChannel;
}

/** Register them all. */
export function registerCommands(acting: Acting): Disposable[] {
  return Object.entries(all(acting)).map(([name, run]) => commands.registerCommand(`pilotfish.${name}`, run));
}

function all({ context, server, pause, changes, keys, setup, log, trace }: Acting): Record<string, () => unknown> {
  const { id } = context.extension;
  const restart = (): Promise<void> => server.restart();
  return {
    menu: () => showMenu(server.condition, pause.of(activeLanguage()), activeLanguage()),

    pauseHere: () => pause.inWindow(true),
    resumeHere: () => pause.inWindow(false),
    pauseLanguage: () => forLanguage(pause, true),
    resumeLanguage: () => forLanguage(pause, false),
    pauseEverywhere: () => pause.everywhere(true),
    resumeEverywhere: () => pause.everywhere(false),
    toggle: () => (isPaused(pause) ? pause.resume() : pause.inWindow(true)),

    editWithInstruction: () => editWithInstruction(server.running, changes),
    explainCode: () => explainCode(server.running, changes),
    acceptChange: () => changes.accept(),
    rejectChange: () => changes.reject(),
    diffChange: () => changes.showDiff(),

    chooseBackend: async () => { if (await chooseBackend(keys)) await restart(); },
    forgetKey: async () => { if (await keys.forget()) await restart(); },

    explainLast: () => ask(server, 'pilotfish.explain'),
    statistics: () => ask(server, 'pilotfish.stats'),
    runDoctor: () => ask(server, 'pilotfish.doctor'),
    rebuildIndex: () => ask(server, 'pilotfish.reindex'),

    setUp: async () => {
      if (await setup.offer(true)) await restart();
      await tickFirstStep(server);
    },
    restart,
    log: () => { log.show(); },
    trace: () => { trace.show(); },
    settings: () => commands.executeCommand('workbench.action.openSettings', `@ext:${id}`),
    walkthrough: async () => {
      await commands.executeCommand('workbench.action.openWalkthrough', `${id}#start`, false);
      await tickFirstStep(server);
    },
  };
}

/** The editor ticks a step only when it sees its context become true, and it does not look before it shows the steps. */
async function tickFirstStep(server: Server): Promise<void> {
  await commands.executeCommand('setContext', 'pilotfish.hasServer', server.running !== undefined);
}

/** Have the server do something that the user has asked for: what goes wrong is told. */
async function ask(server: Server, command: string): Promise<void> {
  try {
    await server.request('workspace/executeCommand', { command });
  } catch (error) {
    void window.showErrorMessage(`pilotfish: ${(error as Error).message}`);
  }
}

async function forLanguage(pause: Pause, paused: boolean): Promise<void> {
  const language = activeLanguage();
  if (language === undefined) void window.showInformationMessage('pilotfish: open a file of the language first.');
  else await pause.forLanguage(language, paused);
}

function isPaused(pause: Pause): boolean {
  const { everywhere, window: here, language } = pause.of(activeLanguage());
  return everywhere || here || language;
}
