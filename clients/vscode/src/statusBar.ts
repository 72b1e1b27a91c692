// The status bar item: how the server is at a glance, and the way to the menu.

import { type Disposable, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window, workspace } from 'vscode';

import { type Condition, shown, type Shown } from './condition';
import { activeLanguage, type Pause } from './pause';
import type { Server } from './server';
import { SECTION } from './settings';

/** Show how the server is, for as long as the extension lives. */
export function showInStatusBar(server: Server, pause: Pause): Disposable[] {
  const item = window.createStatusBarItem('status', StatusBarAlignment.Right, 100);
  const redraw = (): void => { draw(item, here(server.condition, pause)); };
  item.name = 'pilotfish';
  item.command = 'pilotfish.menu';
  redraw();
  item.show();
  return [
    item,
    server.onDidChange(redraw),
    window.onDidChangeActiveTextEditor(redraw),
    workspace.onDidChangeConfiguration((change) => { if (change.affectsConfiguration(SECTION)) redraw(); }),
  ];
}

/** How it is for the active editor, whose language may be switched off. */
function here(condition: Condition, pause: Pause): Shown {
  const language = activeLanguage();
  const said = shown(condition);
  if (said.isProblem || !pause.of(language).language) return said;
  return { text: '$(circle-slash) pilotfish', sentence: `paused for ${language ?? ''}`, isProblem: false };
}

function draw(item: StatusBarItem, { text, sentence, isProblem }: Shown): void {
  item.text = text;
  item.tooltip = new MarkdownString(`**pilotfish**: ${sentence}\n\nClick for the menu.`);
  item.accessibilityInformation = { label: `pilotfish: ${sentence}`, role: 'button' };
  item.backgroundColor = isProblem ? new ThemeColor('statusBarItem.warningBackground') : undefined;
}
