// Lengths of time in the form that stores take.

/** A century: stores take no length that ends beyond their calendar. */
const MOST_SECONDS = 36_525 * 86_400;

/** At least one, since stores refuse zero. */
export function milliseconds(seconds: number): number {
  return Math.max(1, Math.ceil(Math.min(seconds, MOST_SECONDS) * 1000));
}
