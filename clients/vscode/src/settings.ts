// What the user has set, for the server. Defaults stay out of it: sent, they would overrule the user's own
// configuration file.

import { ConfigurationTarget, workspace } from 'vscode';

import rules from './generated/settings.json';
import { followed, type Rule } from './trust';

export const SECTION = 'pilotfish';

/** The settings that this client reads and writes itself. */
interface Values {
  'backend': string | string[];
  'backends': Record<string, Record<string, unknown>>;
  'completion.enabled': boolean;
  'completion.disabled_languages': string[];
}

/** What stands in the editor's settings, as nested tables. */
export function settings(): Record<string, unknown> {
  const tables: Record<string, unknown> = {};
  for (const [key, rule] of Object.entries(rules)) {
    const value = followed(rule as Rule, said(key));
    if (value !== undefined) put(tables, key.split('.'), value);
  }
  return tables;
}

/** What holds for one key, its default included. */
export function setting<Key extends keyof Values>(key: Key): Values[Key] {
  const all = said(key);
  return (followed(rules[key] as Rule, all) ?? all.preset) as Values[Key];
}

/** What the user has set for one key, whatever the workspace says. */
export function own<Key extends keyof Values>(key: Key): Values[Key] | undefined {
  return said(key).user as Values[Key] | undefined;
}

/** Write a key into the user's own settings; `undefined` takes it out. */
export async function set<Key extends keyof Values>(key: Key, value: Values[Key] | undefined): Promise<void> {
  await workspace.getConfiguration(SECTION).update(key, value, ConfigurationTarget.Global);
}

function said(key: string): { preset: unknown; user: unknown; workspace: unknown } {
  const found = workspace.getConfiguration(SECTION).inspect(key);
  return { preset: found?.defaultValue, user: found?.globalValue, workspace: found?.workspaceValue };
}

function put(tables: Record<string, unknown>, path: string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) tables[name] = value;
  else put((tables[name] ??= {}) as Record<string, unknown>, rest, value);
}
