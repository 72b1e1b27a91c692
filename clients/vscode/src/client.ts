// The language client: what of the protocol this editor does in a way of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import type { LogOutputChannel } from 'vscode';
import {
  type ClientCapabilities,
  CloseAction,
  ErrorAction,
  type FeatureState,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RevealOutputChannelOn,
  type StaticFeature,
} from 'vscode-languageclient/node';

import type { Program } from './program';

/** Where the server sees text: files, drafts without a name, and the cells of notebooks. */
export const SCHEMES = ['file', 'untitled', 'vscode-notebook-cell'] as const;

/** What a client is made of. */
export interface Parts {
  readonly program: Program;
  /** Of the server's process. */
  readonly environment: NodeJS.ProcessEnv;
  readonly settings: () => unknown;
  readonly middleware: Middleware;
  readonly log: LogOutputChannel;
  readonly trace: LogOutputChannel;
  /** The server's process has ended without being told to. */
  readonly onClosed: () => void;
}

/** A client whose troubles go to the log: what the user has to know is said by the status bar, in words of ours. */
export class Client extends LanguageClient {
  /** The last lines that the server wrote to its standard error. */
  lastWords = '';

  constructor(parts: Parts) {
    super('pilotfish', 'pilotfish', () => Promise.resolve(this.spawn(parts)), options(parts));
    this.registerFeature(new OurAbilities());
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  override warn(message: string, data?: unknown): void {
    super.warn(message, data, false);
  }

  override info(message: string, data?: unknown): void {
    super.info(message, data, false);
  }

  private spawn({ program, environment, log }: Parts): ChildProcess {
    const child = spawn(program.command, ['serve'], { env: environment, windowsHide: true });
    child.on('error', (error) => { this.hear(error.message); });
    child.on('exit', (code, signal) => { log.info(`The server has ended (${signal ?? String(code)})`); });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { this.hear(text); });
    return child;
  }

  private hear(text: string): void {
    this.lastWords = (this.lastWords + text).slice(-2000);
  }
}

function options({ settings, middleware, log, trace, onClosed }: Parts): LanguageClientOptions {
  return {
    documentSelector: SCHEMES.map((scheme) => ({ scheme })),
    initializationOptions: settings,
    initializationFailedHandler: () => false,
    outputChannel: log,
    traceOutputChannel: trace,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        onClosed();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
  };
}

/** Tells the server what this client can do beyond the protocol. */
class OurAbilities implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = { pilotfish: { ask: true, editPreview: true } };
  }

  getState(): FeatureState {
    return { kind: 'static' };
  }

  initialize(): void {
    // Nothing is registered: the parts that use these abilities listen by themselves.
  }

  clear(): void {
    // As above.
  }
}
