/** What somebody probably meant: the known name that is least different from the one that was written. */

/** `undefined` when none is near: more than a third of the letters would have to change. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, name.length / 3);
  for (const candidate of known) {
    const distance = distanceOf(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= least && (best === undefined || distance < least)) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** How many letters have to be put in, left out or changed (Levenshtein's distance). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [k, other] of [...b].entries()) {
      const changed = (row[k] as number) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[k + 1] as number) + 1, (next[k] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}
