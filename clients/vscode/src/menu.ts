// The menu behind the status bar item.

import { commands, type QuickPickItem, QuickPickItemKind, window } from 'vscode';

import { type Condition, shown } from './condition';
import type { Paused } from './pause';

interface Entry extends QuickPickItem {
  readonly command?: string;
}

/** Show what can be done, the way out of a problem first. */
export async function showMenu(condition: Condition, paused: Paused, language: string | undefined): Promise<void> {
  const { sentence } = shown(condition);
  const entry = await window.showQuickPick(entries(condition, paused, language), {
    title: `pilotfish: ${sentence}`,
    placeHolder: 'What to do',
  });
  if (entry?.command !== undefined) await commands.executeCommand(entry.command);
}

/** What the menu offers now. */
export function entries(condition: Condition, paused: Paused, language: string | undefined): Entry[] {
  const restart = entry('$(debug-restart) Restart the server', 'restart');
  const always = [
    entry('$(output) Show the log', 'log'),
    entry('$(gear) Settings', 'settings'),
    entry('$(book) First steps', 'walkthrough'),
  ];
  if (condition.kind === 'missing') return [entry('$(cloud-download) Set up the server…', 'setUp'), ...always];
  if (condition.kind !== 'running') return [restart, ...always];
  const doctor = entry('$(pulse) Doctor', 'runDoctor', 'looks at settings, index and models, and says what to do');
  const isIll = shown(condition).isProblem;
  return [
    ...(isIll ? [doctor] : []),
    heading('Completions'),
    ...pauses(paused, language),
    entry('$(question) Explain the last suggestion', 'explainLast', 'why it was shown, or why there was none'),
    entry('$(graph) Statistics', 'statistics', 'shown, accepted, rejected; counted on this machine only'),
    heading('Models'),
    entry('$(server-environment) Choose who completes…', 'chooseBackend', condition.status.backend),
    entry('$(edit) Edit with instruction…', 'editWithInstruction'),
    entry('$(comment-discussion) Explain this code', 'explainCode'),
    heading('The server'),
    ...(isIll ? [] : [doctor]),
    entry('$(database) Build the index anew', 'rebuildIndex'),
    restart,
    ...always,
  ];
}

function pauses(paused: Paused, language: string | undefined): Entry[] {
  return [
    paused.window
      ? entry('$(play) Resume in this window', 'resumeHere')
      : entry('$(debug-pause) Pause in this window', 'pauseHere', 'until it is closed'),
    ...(language === undefined
      ? []
      : [
          paused.language
            ? entry(`$(play) Resume for ${language}`, 'resumeLanguage')
            : entry(`$(debug-pause) Pause for ${language}`, 'pauseLanguage', 'in your settings'),
        ]),
    paused.everywhere
      ? entry('$(play) Resume everywhere', 'resumeEverywhere')
      : entry('$(debug-pause) Pause everywhere', 'pauseEverywhere', 'in your settings'),
  ];
}

function heading(label: string): Entry {
  return { label, kind: QuickPickItemKind.Separator };
}

function entry(label: string, command: string, description?: string): Entry {
  return { label, command: `pilotfish.${command}`, ...(description === undefined ? {} : { description }) };
}
