// When a server that has crashed is started again.

const WAITS_MS = [500, 4_000, 16_000, 60_000] as const;
/** A server that has lived so long was well: what ends it then is the first crash of a new count. */
const WELL_AFTER_MS = 180_000;
/** The user hears of a server that keeps crashing once, and not of the first times. */
const TELL_AT = 3;

/** Counts the crashes that follow each other. */
export class Restarts {
  private count = 0;

  /** What to do about a server that has crashed after having lived so long. */
  crashed(livedMs: number): { waitMs: number; tell: boolean } {
    this.count = livedMs >= WELL_AFTER_MS ? 1 : this.count + 1;
    const wait = WAITS_MS[Math.min(this.count, WAITS_MS.length) - 1] ?? WAITS_MS[0];
    return { waitMs: wait, tell: this.count === TELL_AT };
  }

  /** The user has started it anew. */
  forget(): void {
    this.count = 0;
  }
}
