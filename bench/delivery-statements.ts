import type { Stage } from './stage.ts';

/** Calls and milliseconds of the statements of one kind. */
export interface Calls {
  readonly calls: number;
  readonly milliseconds: number;
}

/** PostgreSQL's settings that count statements. */
export const COUNTING = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.max': '1000' } as const;

// By a part of the text that no other has.
const KINDS: Readonly<Record<string, string>> = {
  claim: '%looked as materialized%',
  keep: '%insert into delivery_body%',
  settle: '%tried as (%insert into attempt%',
  beat: '%insert into delivery_worker%',
  endpoints: 'select%from "endpoint"%',
  health: '%insert into endpoint_health%',
};

/** Counts from now on. */
export async function countStatements(stage: Stage, url: string): Promise<void> {
  await stage.query(url, 'create extension if not exists pg_stat_statements; select pg_stat_statements_reset()');
}

/** What the way out has called since, by kind. */
export async function statementsOf(stage: Stage, url: string): Promise<Readonly<Record<string, Calls>>> {
  const kinds = Object.entries(KINDS).map(([kind, like]) => `('${kind}', '${like}')`);
  const rows = await stage.query(
    url,
    `select k.kind, coalesce(sum(s.calls), 0)::float8 as calls, coalesce(sum(s.total_exec_time), 0) as milliseconds
     from (values ${kinds.join(', ')}) k(kind, pattern)
     left join pg_stat_statements s on s.query ilike k.pattern and s.query not ilike '%pg_stat_statements%'
       and s.dbid = (select oid from pg_database where datname = current_database())
     group by k.kind`,
  );
  return Object.fromEntries(
    rows.map(({ kind, calls, milliseconds }) => [
      String(kind),
      { calls: Number(calls), milliseconds: Number(milliseconds) },
    ]),
  );
}

/** One line of them: calls per hundred delivered and mean milliseconds. */
export function statementsLine(statements: Readonly<Record<string, Calls>>, delivered: number): string {
  return Object.entries(statements)
    .filter(([, { calls }]) => calls > 0)
    .sort(([, a], [, b]) => b.calls - a.calls)
    .map(([kind, { calls, milliseconds }]) => {
      return `${kind} ${(calls / delivered).toFixed(3)} (${(milliseconds / calls).toFixed(2)} ms)`;
    })
    .join(', ');
}

/** Statements per delivered event, all kinds together. */
export function statementsEach(statements: Readonly<Record<string, Calls>>, delivered: number): number {
  return Object.values(statements).reduce((sum, { calls }) => sum + calls, 0) / delivered;
}
