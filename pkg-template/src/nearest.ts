// Which of some words a misspelt one is meant to be.

/** Longer texts are no misspelt words. */
const LONGEST = 40;

export function nearest(given: unknown, words: readonly string[]): string | undefined {
  if (typeof given !== "string" || given.length > LONGEST) return undefined;
  const text = plain(given);
  if (text.length < 3) return undefined;
  let found: string | undefined;
  let least = 3;
  for (const word of words) {
    const target = plain(word);
    const partly = text.length > 3 && (target.startsWith(text) || text.startsWith(target));
    const apart = Math.min(distance(text, target), partly ? 2 : 3);
    if (apart < least) {
      least = apart;
      found = word;
    }
  }
  return found;
}

/** Case, spaces and hyphens make no difference. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** How many letters to put in, take out or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
