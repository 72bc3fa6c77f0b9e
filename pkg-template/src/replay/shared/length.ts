// Lengths of time as stores take them.

/** A century: no store takes the end of time. */
const MOST_SECONDS = 36_525 * 86_400;

/** At least one, since stores refuse zero. */
export function milliseconds(seconds: number): number {
  return Math.max(1, Math.ceil(Math.min(seconds, MOST_SECONDS) * 1000));
}
