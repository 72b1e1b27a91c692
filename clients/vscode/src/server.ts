// The server's life: found, started, watched, started again after a crash.

import { type Disposable, EventEmitter, type LogOutputChannel } from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

import { Client } from './client';
import type { Condition, Problem, Status } from './condition';
import type { Program } from './program';
import { Restarts } from './restarts';

/** A program that has said nothing for so long is no server. */
const START_MS = 30_000;

/** What the server's life depends on. */
export interface Surroundings {
  readonly log: LogOutputChannel;
  readonly trace: LogOutputChannel;
  find(): Promise<Program | undefined>;
  environment(): Promise<NodeJS.ProcessEnv>;
  settings(): unknown;
  readonly middleware: Middleware;
  /** What to tell the user of a server of this version. */
  advice(version: string, program: Program): Problem | undefined;
}

export class Server implements Disposable {
  private readonly changed = new EventEmitter<Condition>();
  private readonly made = new EventEmitter<Client>();
  private readonly started = new EventEmitter<void>();
  private readonly troubled = new EventEmitter<Problem>();
  private readonly restarts = new Restarts();
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();
  private now: Condition = { kind: 'starting' };

  /** Each time that the condition is another one. */
  readonly onDidChange = this.changed.event;
  /** A client that has not been started yet: the place to listen to its notifications. */
  readonly onWillStart = this.made.event;
  /** A client can be asked things from now on. */
  readonly onDidStart = this.started.event;
  /** The server keeps crashing, or cannot be started: said once. */
  readonly onTrouble = this.troubled.event;

  constructor(private readonly around: Surroundings) {}

  get condition(): Condition {
    return this.now;
  }

  /** The client of a server that answers. */
  get running(): Client | undefined {
    return this.client?.isRunning() === true ? this.client : undefined;
  }

  /** Start it, or stop it and start it anew; one at a time. */
  restart(): Promise<void> {
    this.restarts.forget();
    return this.next(() => this.begin());
  }

  /** End the server. */
  stop(): Promise<void> {
    return this.next(() => this.end());
  }

  /** Ask the server; the error of one that does not run, or does not want to, is a sentence. */
  async request<T>(method: string, params?: unknown): Promise<T> {
    const client = this.running;
    if (client === undefined) throw new Error('The server is not running.');
    return client.sendRequest<T>(method, params);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const emitter of [this.changed, this.made, this.started, this.troubled]) emitter.dispose();
  }

  private next(step: () => Promise<void>): Promise<void> {
    clearTimeout(this.timer);
    this.turn = this.turn.then(step, step);
    return this.turn;
  }

  private async begin(): Promise<void> {
    await this.end();
    this.become({ kind: 'starting' });
    const program = await this.around.find();
    if (program === undefined) {
      this.become({ kind: 'missing' });
      return;
    }
    const startedMs = Date.now();
    const client = new Client({
      ...this.around,
      program,
      environment: await this.around.environment(),
      onClosed: () => { this.closed(client, Date.now() - startedMs); },
    });
    this.client = client;
    this.made.fire(client);
    client.onNotification('pilotfish/didChangeStatus', (status: Status) => { this.heard(client, program, status); });
    this.around.log.info(`Starting ${program.command}, found by ${program.origin}`);
    const late = setTimeout(() => { client.kill(`it does not answer within ${START_MS / 1000} s`); }, START_MS);
    try {
      await client.start();
      this.heard(client, program, await client.sendRequest<Status>('pilotfish/status'));
      this.started.fire();
    } catch (error) {
      this.around.log.error(`${program.command} could not be started: ${String(error)}`);
      this.failed(client, program, await client.lastWords());
    } finally {
      clearTimeout(late);
    }
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined) return;
    // What became of it is the next one's business; a server that does not stop is killed by the library.
    await client.dispose().catch((error: unknown) => { this.around.log.warn(String(error)); });
    this.become({ kind: 'stopped' });
  }

  private heard(client: Client, program: Program, status: Status): void {
    if (client !== this.client) return;
    this.become({ kind: 'running', status, advice: this.around.advice(status.version, program) });
  }

  private failed(client: Client, program: Program, said: string): void {
    if (client !== this.client) return;
    const problem = {
      text: `${program.command} (${program.origin}) could not be started as a server${said === '' ? '' : `: ${said}`}`,
      action: 'Install pilotfish there anew, or correct the setting pilotfish.path.',
    };
    this.become({ kind: 'failed', problem });
    this.troubled.fire(problem);
  }

  private closed(client: Client, livedMs: number): void {
    if (client !== this.client || this.now.kind !== 'running') return;
    const { waitMs, tell } = this.restarts.crashed(livedMs);
    const problem = {
      text: 'The server has ended unexpectedly',
      action: `It is started again in ${Math.ceil(waitMs / 1000)} s; the log says more.`,
    };
    this.become({ kind: 'failed', problem });
    if (tell) this.troubled.fire({ ...problem, text: 'The server has ended unexpectedly three times' });
    this.timer = setTimeout(() => void this.next(() => this.begin()), waitMs);
  }

  private become(condition: Condition): void {
    this.now = condition;
    this.changed.fire(condition);
  }
}
