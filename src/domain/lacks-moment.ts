const LACKING: ReadonlySet<string> = new Set(['date_invalid', 'unparsable', 'unmappable', 'ingest_failed']);

/** Whether an entry of this code was kept without the moment that its body may state: then what a retry reads counts. */
export function lacksMoment(code: string): boolean {
  return LACKING.has(code);
}
