import { readdir, readFile } from 'node:fs/promises';
import type { Stage } from './stage.ts';

/** Seconds of processor time that processes have taken since they began, by name. */
export type Spent = Readonly<Record<string, number>>;

/** Reads the times of single processes, and of PostgreSQL with all its own: those that have ended count too. */
export async function spentBy(processes: Readonly<Record<string, number>>, postmaster: number): Promise<Spent> {
  const single = await Promise.all(
    Object.entries(processes).map(async ([name, pid]) => [name, (await statOf(pid))?.own ?? 0] as const),
  );
  return { ...Object.fromEntries(single), postgres: await familyOf(postmaster) };
}

/** The process id of the stage's PostgreSQL. */
export async function postmasterOf(stage: Stage, url: string): Promise<number> {
  const [row] = await stage.query(url, `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::integer as pid`);
  return Number(row?.['pid']);
}

/** What has been spent between two readings, in microseconds a delivery. */
export function perDelivery(before: Spent, after: Spent, deliveries: number): Spent {
  return Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [name, ((seconds - (before[name] ?? 0)) * 1e6) / deliveries]),
  );
}

async function familyOf(postmaster: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, stat: await statOf(pid) })));
  return stats.reduce((sum, { pid, stat }) => {
    if (stat === null) return sum;
    if (pid === postmaster) return sum + stat.own + stat.ended;
    return stat.parent === postmaster ? sum + stat.own : sum;
  }, 0);
}

/** Of a process: its parent, its seconds, and those of its children that have ended; null: it is gone. */
async function statOf(pid: number): Promise<{ parent: number; own: number; ended: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number); // from the third one on: state, parent …
  const at = (index: number): number => fields[index] ?? 0;
  return { parent: at(1), own: (at(11) + at(12)) / 100, ended: (at(13) + at(14)) / 100 };
}
