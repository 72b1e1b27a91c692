// Pausing: in this window until it closes, or in the user's settings for one language or everywhere.

import { window } from 'vscode';

import type { Server } from './server';
import { own, set, setting } from './settings';

/** What is switched off for the active editor, from the widest. */
export interface Paused {
  readonly everywhere: boolean;
  readonly window: boolean;
  readonly language: boolean;
}

export class Pause {
  private isWindowPaused = false;

  constructor(private readonly server: Server) {}

  /** What is switched off for a language. */
  of(language: string | undefined): Paused {
    const off = setting('completion.disabled_languages');
    return {
      everywhere: !setting('completion.enabled'),
      window: this.isWindowPaused,
      language: language !== undefined && off.includes(language),
    };
  }

  /** Pause or resume in this window. */
  async inWindow(paused: boolean): Promise<void> {
    this.isWindowPaused = paused;
    await this.tell();
  }

  /** Tell a server that has just been started what holds in this window. */
  async tell(): Promise<void> {
    if (this.server.condition.kind !== 'running') return;
    const command = this.isWindowPaused ? 'pilotfish.pause' : 'pilotfish.resume';
    await this.server.request('workspace/executeCommand', { command });
  }

  /** Pause or resume for a language, in all windows. */
  async forLanguage(language: string, paused: boolean): Promise<void> {
    const others = own('completion.disabled_languages')?.filter((each) => each !== language) ?? [];
    const off = paused ? [...others, language] : others;
    await set('completion.disabled_languages', off.length > 0 ? off : undefined);
  }

  /** Pause or resume everywhere. */
  async everywhere(paused: boolean): Promise<void> {
    await set('completion.enabled', paused ? false : undefined);
  }

  /** Take back whatever is off for the active editor. */
  async resume(): Promise<void> {
    const language = activeLanguage();
    const paused = this.of(language);
    if (paused.everywhere) await this.everywhere(false);
    if (paused.language && language !== undefined) await this.forLanguage(language, false);
    if (paused.window) await this.inWindow(false);
  }
}

/** The language of the active editor. */
export function activeLanguage(): string | undefined {
  return window.activeTextEditor?.document.languageId;
}
