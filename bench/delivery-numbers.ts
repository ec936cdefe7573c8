/** The middle one. */
export function median(values: readonly number[]): number {
  return share(values, 0.5);
}

/** What so large a share of the values is not above. */
export function share(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** A table in Markdown, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)];
}

/** Whole numbers as people write them: 12,345. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** What a part of the bench found: ratios and aims first, then its tables, then everything for a program. */
export interface Finding {
  readonly ratios: readonly string[];
  readonly lines: readonly string[];
  readonly figures: unknown;
}
