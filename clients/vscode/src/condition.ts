// How the server is, and how that is said in the status bar.

/** The body of `pilotfish/status` and `pilotfish/didChangeStatus`: see docs/protocol.md. */
export interface Status {
  readonly version: string;
  readonly backend: string;
  readonly state: 'ready' | 'thinking' | 'off' | 'problem';
  readonly problem: Problem | null;
  readonly index: { state: 'off' | 'building' | 'ready' | 'failed'; files: number; total: number };
}

/** What is wrong, and the way out. */
export interface Problem {
  readonly text: string;
  readonly action: string | null;
}

export type Condition =
  | { readonly kind: 'starting' | 'stopped' | 'missing' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'running'; readonly status: Status; readonly advice?: Problem | undefined };

/** What the status bar item shows. */
export interface Shown {
  readonly text: string;
  readonly sentence: string;
  readonly isProblem: boolean;
}

/** A condition in words. */
export function shown(condition: Condition): Shown {
  switch (condition.kind) {
    case 'starting':
      return calm('loading~spin', 'pilotfish', 'starting');
    case 'stopped':
      return calm('circle-slash', 'pilotfish', 'stopped');
    case 'missing':
      return alarm('pilotfish: set up', { text: 'The server is not on this machine yet.', action: 'Choose this to set it up.' });
    case 'failed':
      return alarm('pilotfish', condition.problem);
    case 'running':
      return running(condition.status, condition.advice);
  }
}

function running(status: Status, advice: Problem | undefined): Shown {
  const { index, problem } = status;
  if (status.state === 'off') return calm('circle-slash', 'pilotfish', 'paused: nothing is offered');
  if (problem !== null) return alarm('pilotfish', problem);
  if (advice !== undefined) return alarm('pilotfish', advice);
  if (index.state === 'failed') {
    return alarm('pilotfish', { text: 'The index of this workspace cannot be used.', action: 'The doctor says why.' });
  }
  if (status.state === 'thinking') return calm('loading~spin', 'pilotfish', `${status.backend} is thinking`);
  if (index.state === 'building') return building(index.files, index.total);
  const known = index.state === 'ready' ? `, ${index.files} files known` : '';
  return calm('sparkle', 'pilotfish', `ready: ${status.backend}${known}`);
}

function building(files: number, total: number): Shown {
  if (total === 0) return calm('sync~spin', 'pilotfish', 'beginning to read your code');
  return calm('sync~spin', `pilotfish ${percentage(files, total)} %`, `reading your code, ${files} of ${total} files`);
}

/** How far something is, never more than all of it. */
function percentage(done: number, total: number): number {
  return Math.floor((100 * Math.min(done, total)) / total);
}

function calm(icon: string, text: string, sentence: string): Shown {
  return { text: `$(${icon}) ${text}`, sentence, isProblem: false };
}

function alarm(text: string, problem: Problem): Shown {
  return { text: `$(warning) ${text}`, sentence: inWords(problem), isProblem: true };
}

/** A problem and its way out as sentences. */
export function inWords(problem: Problem): string {
  const text = /[.!?]$/.test(problem.text) ? problem.text : `${problem.text}.`;
  return problem.action === null ? text : `${text} ${problem.action}`;
}
