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
export const SELECTOR = ['file', 'untitled', 'vscode-notebook-cell'].map((scheme) => ({ scheme }));

/** So long a server that has closed its connection may take to end. */
const LISTEN_MS = 1_000;

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
  private child: ChildProcess | undefined;
  private heard = '';
  private ended: Promise<unknown> = Promise.resolve();

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

  /** End the process of a server that does not say anything. */
  kill(why: string): void {
    this.hear(`\n${why}`);
    this.child?.kill('SIGKILL');
  }

  private spawn({ program, environment, log }: Parts): ChildProcess {
    const child = spawn(program.command, ['serve'], { env: environment, windowsHide: true });
    this.child = child;
    child.on('error', (error) => { this.hear(error.message); });
    this.ended = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
    child.on('exit', (code, signal) => { log.info(`The server has ended (${signal ?? String(code)})`); });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { this.hear(text); });
    return child;
  }

  /** The last line that a server which does not start wrote to its standard error; it comes after the connection
   * is gone. */
  async lastWords(): Promise<string> {
    await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, LISTEN_MS))]);
    return this.heard.trim().split('\n').at(-1) ?? '';
  }

  private hear(text: string): void {
    this.heard = (this.heard + text).slice(-2000);
  }
}

function options({ settings, middleware, log, trace, onClosed }: Parts): LanguageClientOptions {
  return {
    documentSelector: SELECTOR,
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
