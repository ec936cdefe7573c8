/** What a score said of somebody, and what came of it. */
export interface Judged {
  readonly total: number;
  readonly won: boolean;
}

/**
 * AUC: how often one that was won has the higher total of a pair with one that was not, a tie counting half (Mann-Whitney); null
 * where there is no such pair.
 */
export function auc(judged: readonly Judged[]): number | null {
  const ordered = [...judged].sort((a, b) => a.total - b.total);
  const wins = judged.reduce((sum, { won }) => sum + (won ? 1 : 0), 0);
  const losses = judged.length - wins;
  if (wins === 0 || losses === 0) return null;
  let [pairs, below] = [0, 0]; // pairs that a win is above in; losses below the totals looked at
  for (let start = 0; start < ordered.length; ) {
    let [end, won] = [start, 0];
    for (; end < ordered.length && ordered[end]?.total === ordered[start]?.total; end += 1)
      won += ordered[end]?.won ? 1 : 0;
    const lost = end - start - won;
    pairs += won * (below + lost / 2);
    below += lost;
    start = end;
  }
  return pairs / (wins * losses);
}
