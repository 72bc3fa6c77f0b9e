// What somebody may have meant who wrote a name that does not exist.

/** The name that is fewest letters away, if that is at most a third of them. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(text.length / 3)) + 1;
  for (const name of names) {
    const far = distance(text.toLowerCase(), name.toLowerCase());
    if (far < least) [best, least] = [name, far];
  }
  return best;
}

/** How many letters are added, dropped, replaced or swapped with their neighbour. */
function distance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 20) return Infinity;
  let [before, last]: number[][] = [[], Array.from({ length: to.length + 1 }, (_, at) => at)];
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let at = 1; at <= to.length; at++) {
      const same = from[row - 1] === to[at - 1];
      let least = Math.min(last![at]! + 1, current[at - 1]! + 1, last![at - 1]! + (same ? 0 : 1));
      if (row > 1 && at > 1 && from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1])
        least = Math.min(least, before![at - 2]! + 1);
      current.push(least);
    }
    [before, last] = [last!, current];
  }
  return last!.at(-1)!;
}
