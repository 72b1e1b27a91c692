// What a workspace's settings may do to the user's own: the same rules as for a workspace's file (docs/configuration.md).

/** Whom a key listens to. */
export type Rule = 'anyone' | 'lower' | 'raise' | 'user';

/** One key's value in each place; nothing where it is not set there. */
export interface Said {
  readonly preset?: unknown;
  readonly user?: unknown;
  readonly workspace?: unknown;
}

/** The value to follow, or nothing where the server's own default holds. A workspace may only tighten what is
 * the user's to decide. */
export function followed(rule: Rule, said: Said): unknown {
  if (said.workspace === undefined || rule === 'user') return said.user;
  if (rule === 'anyone') return said.workspace;
  return tightened(rule, said.user ?? said.preset, said.workspace);
}

function tightened(rule: 'lower' | 'raise', own: unknown, other: unknown): unknown {
  const lower = rule === 'lower';
  if (typeof own === 'boolean' && typeof other === 'boolean') return lower ? own && other : own || other;
  if (typeof own === 'number' && typeof other === 'number') return lower ? Math.min(own, other) : Math.max(own, other);
  if (Array.isArray(own) && Array.isArray(other)) {
    const theirs: unknown[] = other;
    return lower ? own.filter((each) => theirs.includes(each)) : [...new Set([...(own as unknown[]), ...theirs])];
  }
  return own;
}
