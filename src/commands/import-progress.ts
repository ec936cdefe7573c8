import { IMPORT_CLASSES } from '../domain/import.ts';
import type { ImportProgress } from '../http/schemas/import.ts';
import type { Io } from './command.ts';

/** Tells on stderr how far an import is: one line that is rewritten on a terminal, else lines. */
export interface ProgressLine {
  readonly upload: (done: number, total: number) => void; // bytes
  readonly rows: (progress: ImportProgress) => void;
  /** Leaves the line to whatever is printed next. */
  readonly end: () => void;
}

const LINE_MS = 5_000; // between plain lines of one stage
const REWRITE_MS = 100;
const BAR = 20; // characters

/** A progress line over the terminal, or over whatever else stderr is. */
export function progressLine({ stderr, now, columns }: Pick<Io, 'stderr' | 'now' | 'columns'>): ProgressLine {
  let [last, stage] = [Number.NEGATIVE_INFINITY, ''];
  const tell = (next: string, line: (bar: boolean) => string) => {
    const width = columns?.() ?? null;
    const at = now();
    if (next === stage && at - last < (width === null ? LINE_MS : REWRITE_MS)) return;
    const text = line(width !== null);
    [last, stage] = [at, next];
    stderr(width === null ? `${text}\n` : `\r${text.slice(0, width - 1)}\u001b[K`);
  };
  return {
    upload: (done, total) =>
      tell('uploading', (bar) => `uploading ${barOf(bar, done, total)}${sizeOf(done)} of ${sizeOf(total)}`),
    rows: (progress) => tell(progress.state, (bar) => rowsLine(progress, bar)),
    end: () => {
      if ((columns?.() ?? null) !== null && stage !== '') stderr('\r\u001b[K');
    },
  };
}

function rowsLine(
  { state, rows, rows_per_second: rate, remaining_seconds: left, classes }: ImportProgress,
  bar: boolean,
): string {
  if (state === 'waiting') return 'waiting to be read';
  if (state === 'checking') return 'reading the file';
  const { total } = rows;
  if (total === null) return state;
  const counts = Object.keys(IMPORT_CLASSES).flatMap((name) => {
    const count = classes[name] ?? 0;
    return count === 0 ? [] : [`${name} ${grouped(count)}`];
  });
  return [
    `${state} ${barOf(bar, rows.done, total)}${grouped(rows.done)} of ${grouped(total)} rows`,
    ...(rate === null ? [] : [`${grouped(Math.round(rate))} rows/s`]),
    ...(left === null ? [] : [`${duration(left)} left`]),
    ...counts,
  ].join(', ');
}

function barOf(bar: boolean, done: number, total: number): string {
  if (!bar) return '';
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.floor(share * BAR);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${Math.floor(share * 100)} % `;
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A whole number with a comma before each three digits. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
