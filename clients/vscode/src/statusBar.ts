// The status bar item: how the server is at a glance, and the way to the menu.

import { type Disposable, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';

import { type Condition, shown } from './condition';
import type { Server } from './server';

/** Show how the server is, for as long as the extension lives. */
export function showInStatusBar(server: Server): Disposable[] {
  const item = window.createStatusBarItem('status', StatusBarAlignment.Right, 100);
  item.name = 'pilotfish';
  item.command = 'pilotfish.menu';
  draw(item, server.condition);
  item.show();
  return [item, server.onDidChange((condition) => { draw(item, condition); })];
}

function draw(item: StatusBarItem, condition: Condition): void {
  const { text, sentence, isProblem } = shown(condition);
  item.text = text;
  item.tooltip = new MarkdownString(`**pilotfish** ${sentence}\n\nChoose this for its menu.`);
  item.accessibilityInformation = { label: `pilotfish: ${sentence}`, role: 'button' };
  item.backgroundColor = isProblem ? new ThemeColor('statusBarItem.warningBackground') : undefined;
}
