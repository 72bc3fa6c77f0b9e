// Lengths of time as stores take them.

/** A century: `event.expires` may be the end of time, and no store takes that. */
const MOST_SECONDS = 36_525 * 86_400;

/** At least one, since stores refuse zero. */
export function milliseconds(seconds: number): number {
  return Math.max(1, Math.ceil(Math.min(seconds, MOST_SECONDS) * 1000));
}
