// What the user has set, for the server. Defaults are the server's own business: sending them would overrule the
// user's own configuration file.

import { workspace } from 'vscode';

/** Only what stands in a settings file, as nested tables. */
export function settings(): Record<string, unknown> {
  return {};
}

void workspace;
