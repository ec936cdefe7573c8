/** The known name nearest to a mistyped one, or null when none is near: at most 2 edits, or a third of a short name. */
export function didYouMean(typed: string, known: readonly string[]): string | null {
  const plain = fold(typed);
  let best: string | null = null;
  let least = Math.min(2, Math.ceil(plain.length / 3)) + 1;
  for (const name of known) {
    const edits = distance(plain, fold(name), least);
    if (edits < least) {
      least = edits;
      best = name;
    }
  }
  return best;
}

/** camelCase, kebab-case and snake_case of one name are the same name. */
function fold(name: string): string {
  return name
    .slice(0, 64)
    .replace(/[-_\s]/g, '')
    .toLowerCase();
}

/** Edits between two texts, a swap of neighbours counting as one; stops at `bound`. */
function distance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) >= bound) return bound;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, at(before, j - 2) + 1);
      row.push(edits);
    }
    before = above;
    above = row;
  }
  return at(above, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
