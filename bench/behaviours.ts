import { setTimeout as wait } from 'node:timers/promises';
import { fillLeads } from './fill.ts';
import { leadStream } from './leads.ts';
import { type LoadResult, offer } from './load.ts';
import { openStage, type Stage, startClew } from './stage.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const PEOPLE = Number(process.env['BENCH_PEOPLE'] ?? 20_000);
const MINUTES_MAX = Number(process.env['BENCH_MINUTES'] ?? 5); // for the marks of one load to be scored; then it tells what is left
const CONNECTIONS = 64;
const BATCH = 100;
const BATCH_CONNECTIONS = 8;
const AIM = 1;

const MODEL = {
  attributes: [{ name: 'known', field: 'person.name', when: { is: 'exists' }, points: 10 }],
  events: { page_view: { points: 1, group: 'web' }, pricing_page: { points: 8, group: 'web' } },
  groups: { web: { cap: 60, half_life_days: 30 } },
  bands: { mql: 30, sql: 50, hot: 80, rearm: 5 },
};

// Each of the people that `fillLeads` makes has a browser.
const PREPARE = `insert into score_model (name, state, document, actor, created_at, updated_at, activated_at)
    values ('bench', 'active', '${JSON.stringify(MODEL)}', 'bench', now() - interval '90 days', now(), now() - interval '90 days');
  insert into visitor_link (visitor_id, kind, namespace, value, linked_at)
    select 'v' || n, 'phone', '', '+86' || (13000000000 + n::bigint * 7), now() from generate_series(0, ${PEOPLE - 1}) n`;

/** What one kind of load came to in one round. */
interface Measured extends Pick<LoadResult, 'perSecond' | 'p50' | 'p99'> {
  readonly lagSeconds: number; // from the end of the load until the last mark was scored
  readonly left: number; // marks that were not scored by then
}

/** One kind of load: `of` items a request. */
interface Subject {
  readonly name: string;
  readonly path: string;
  readonly connections: number;
  readonly of: number;
  readonly body: (round: number) => () => string;
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'captures',
    path: '/v1/leads',
    connections: CONNECTIONS,
    of: 1,
    body: (round) => {
      const stream = leadStream(`behaviours-${round}`, 300_000 + round * 150_000);
      return () => JSON.stringify(stream.next());
    },
  },
  {
    name: 'behaviours, one by one',
    path: '/v1/behaviours',
    connections: CONNECTIONS,
    of: 1,
    body: (round) => {
      const next = behaviourStream(`one-${round}`);
      return () => JSON.stringify(next());
    },
  },
  {
    name: `behaviours, ${BATCH} at once`,
    path: '/v1/behaviours/batch',
    connections: BATCH_CONNECTIONS,
    of: BATCH,
    body: (round) => {
      const next = behaviourStream(`many-${round}`);
      return () => JSON.stringify({ events: Array.from({ length: BATCH }, next) });
    },
  },
];

/** Behaviours of the people in turn, by phone and by visitor id, every eighth on the pricing page. */
function behaviourStream(run: string): () => Record<string, unknown> {
  let n = 0;
  return () => {
    n += 1;
    const person = (n * 7919) % PEOPLE;
    return {
      id: `${run}-${n}`,
      type: n % 8 === 0 ? 'pricing_page' : 'page_view',
      page: `https://www.example.cn/p/${n % 50}`,
      ...(n % 2 === 0 ? { visitor_id: `v${person}` } : { phone: String(13_000_000_000 + person * 7) }),
    };
  };
}

/** Measures behaviours beside captures over one database, with an active score model, and how long until they are scored. */
export async function benchBehaviours(): Promise<void> {
  const stage = await openStage();
  try {
    const url = await stage.database('bench_behaviours');
    await fillLeads(stage, url, PEOPLE);
    await stage.query(url, PREPARE);
    const rounds = new Map<string, Measured[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const subject of SUBJECTS) {
        const measured = await measure(stage, url, subject, round);
        rounds.set(subject.name, [...(rounds.get(subject.name) ?? []), measured]);
        const { perSecond, lagSeconds } = measured;
        process.stderr.write(
          `round ${round + 1}: ${subject.name} ${Math.round(perSecond)}/s, scored ${lagSeconds.toFixed(1)} s later\n`,
        );
      }
    }
    await report(stage, rounds);
  } finally {
    await stage.close();
  }
}

async function measure(stage: Stage, url: string, subject: Subject, round: number): Promise<Measured> {
  const { path, connections, of } = subject;
  const clew = await startClew(url);
  try {
    const body = subject.body(round);
    const load = await offer({ ...clew, path, connections, seconds: SECONDS, warmSeconds: 1.5, body });
    if (load.refused > 0) throw new Error(`${load.refused} answers were no success`);
    const ended = performance.now();
    const left = await untilScored(stage, url, ended + MINUTES_MAX * 60_000);
    const lagSeconds = (performance.now() - ended) / 1000;
    return { perSecond: load.perSecond * of, p50: load.p50, p99: load.p99, lagSeconds, left };
  } finally {
    await clew.stop();
  }
}

/** Waits until no mark is left, or for so long; answers how many are. */
async function untilScored(stage: Stage, url: string, until: number): Promise<number> {
  for (;;) {
    const [row] = await stage.query(url, 'select count(*)::integer as left from score_due');
    const left = Number(row?.['left']);
    if (left === 0 || performance.now() > until) return left;
    await wait(250);
  }
}

async function report(stage: Stage, rounds: ReadonlyMap<string, readonly Measured[]>): Promise<void> {
  const middle = (name: string, of: keyof Measured): number => {
    const sorted = (rounds.get(name) ?? []).map((measured) => measured[of]).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? Number.NaN;
  };
  const [captures, one, many] = SUBJECTS.map(({ name }) => name) as [string, string, string];
  const rate = (name: string): number => middle(name, 'perSecond');
  const lines = [
    await stage.facts(),
    `median of ${ROUNDS} interleaved rounds of ${SECONDS} s; ${CONNECTIONS} connections, ${BATCH_CONNECTIONS} for batches; ${PEOPLE.toLocaleString('en')} people, a score model active`,
    '',
    '| | items/s | p50 ms | p99 ms | scored after s | left |',
    '|---|---:|---:|---:|---:|---:|',
    ...SUBJECTS.map(({ name }) => {
      const cells = [
        middle(name, 'p50').toFixed(2),
        middle(name, 'p99').toFixed(2),
        middle(name, 'lagSeconds').toFixed(1),
      ];
      return `| ${name} | ${Math.round(rate(name))} | ${cells.join(' | ')} | ${middle(name, 'left')} |`;
    }),
    '',
    `behaviours ÷ captures, one by one (aim ≥ ${AIM}): ${(rate(one) / rate(captures)).toFixed(2)}`,
    `behaviours ÷ captures, ${BATCH} at once: ${(rate(many) / rate(captures)).toFixed(2)}`,
    '',
    JSON.stringify(Object.fromEntries(rounds)),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
