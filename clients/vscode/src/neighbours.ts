// Other extensions that offer inline completions: the editor shows one offer at a time, whoever is first.

import { commands, type ExtensionContext, extensions, window } from 'vscode';

import ids from './neighbours.json';

const TOLD = 'neighboursTold';
const NEVER = 'Do Not Say Again';
const SHOW = 'Show Extensions';

/** The names of those that are there and switched on. */
export function neighbours(known: readonly string[] = ids): string[] {
  return known
    .map((id) => extensions.getExtension<unknown>(id)?.packageJSON as { displayName?: string; name: string } | undefined)
    .filter((found) => found !== undefined)
    .map(({ displayName, name }) => displayName ?? name);
}

/** Tell the user of them, until told not to. */
export async function tellOfNeighbours(context: ExtensionContext): Promise<void> {
  const names = neighbours();
  const told = names.join(', ');
  if (names.length === 0 || context.globalState.get(TOLD) === told) return;
  const answer = await window.showInformationMessage(
    `pilotfish: ${told} can offer inline completions too. VS Code shows one offer at a time, whoever is first, so ` +
      'switch off those that you do not want.',
    SHOW,
    NEVER,
  );
  if (answer === SHOW) await commands.executeCommand('workbench.extensions.search', '@enabled inline completion');
  if (answer === NEVER) await context.globalState.update(TOLD, told);
}
