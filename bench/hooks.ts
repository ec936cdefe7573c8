import { createHmac } from 'node:crypto';
import { median, table, whole } from './delivery-numbers.ts';
import { leadStream } from './leads.ts';
import { type Load, type LoadResult, offer } from './load.ts';
import { openStage, type Stage, type Subject, startClew } from './stage.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const CONNECTIONS = [1, 64, 256];
const RECONNECTING = 64; // so many senders at once open a connection for each push too
const SECRET = 'a-secret-of-the-bench';
const AIM_MS = 1_000;

/** One way in: how it is made, and how a lead looks there. */
interface Way {
  readonly name: string;
  readonly source: Readonly<Record<string, unknown>> | null; // null: REST
  readonly body: (lead: Record<string, unknown>, n: number) => string;
  readonly header?: (body: string) => string;
}

const phoneOf = (lead: Record<string, unknown>): string => String((lead['person'] as { phone: string }).phone);

const WAYS: readonly Way[] = [
  { name: 'REST', source: null, body: (lead) => JSON.stringify(lead) },
  {
    name: 'google-ads',
    source: { kind: 'google-ads', secret: SECRET },
    body: (lead) =>
      JSON.stringify({
        lead_id: lead['external_id'],
        google_key: SECRET,
        campaign_id: 23_456_789_012,
        form_id: 12_345_678_901,
        user_column_data: [
          { column_id: 'FULL_NAME', string_value: '客户' },
          { column_id: 'PHONE_NUMBER', string_value: `+86${phoneOf(lead)}` },
        ],
      }),
  },
  {
    name: 'xiaohongshu, signed',
    source: { kind: 'xiaohongshu', secret: SECRET },
    body: (lead) =>
      JSON.stringify({
        data: {
          leads_id: lead['external_id'],
          submitted_time: '2026-06-01 12:30:00',
          campaign_id: '1001',
          campaign_name: '计划A',
          data: [
            { label: '姓名', value: '客户' },
            { label: '您的手机号', value: phoneOf(lead) },
            { label: '意向车型', value: 'SUV' },
          ],
        },
        timestamp: 1_748_752_200,
      }),
    header: (body) => `x-red-signature: sha1=${createHmac('sha1', SECRET).update(body).digest('hex')}\r\n`,
  },
];

/** Measures the acknowledgement of pushes beside leads by REST: closed loop, interleaved rounds, one service a way. */
export async function benchHooks(): Promise<void> {
  const stage = await openStage();
  try {
    const results = new Map<string, LoadResult[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const way of WAYS) await measure(stage, way, round, results);
    }
    report(await stage.facts(), results);
  } finally {
    await stage.close();
  }
}

async function measure(stage: Stage, way: Way, round: number, results: Map<string, LoadResult[]>): Promise<void> {
  const take = async (name: string, load: Load): Promise<void> => {
    const result = await offer(load);
    results.set(name, [...(results.get(name) ?? []), result]);
    process.stderr.write(`round ${round + 1}: ${name} ${whole(result.perSecond)}/s, p99 ${result.p99.toFixed(1)} ms\n`);
  };
  const clew = await startClew(await stage.database(`hooks_${WAYS.indexOf(way)}_${round}`));
  try {
    const path = way.source === null ? '/v1/leads' : await makeSource(clew, way.source);
    for (const [slot, connections] of CONNECTIONS.entries()) {
      const stream = leadStream(`${way.name}-${round}-${slot}`, slot * 200_000);
      let n = 0;
      const load = { ...clew, path, connections, body: () => way.body(stream.next(), ++n), ...headerOf(way) };
      await take(`${way.name}, ${connections} connections`, { ...load, seconds: SECONDS, warmSeconds: 1 });
      if (connections !== RECONNECTING) continue;
      await take(`${way.name}, ${connections} new connections`, {
        ...load,
        seconds: SECONDS,
        reconnect: 'each request',
      });
    }
  } finally {
    await clew.stop();
  }
}

function headerOf({ header }: Way): { readonly header?: (body: string) => string } {
  return header === undefined ? {} : { header };
}

async function makeSource({ port, key }: Subject, source: object): Promise<string> {
  const made = await fetch(`http://127.0.0.1:${port}/v1/sources`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', ...source }),
  });
  const { address } = (await made.json()) as { readonly address: string };
  return address;
}

function report(facts: string, results: ReadonlyMap<string, readonly LoadResult[]>): void {
  const of = (name: string, value: (result: LoadResult) => number): number =>
    median((results.get(name) ?? []).map(value));
  const names = [...results.keys()];
  const rate = (name: string) => of(name, ({ perSecond }) => perSecond);
  const worst = Math.max(...names.map((name) => of(name, ({ p99 }) => p99)));
  const lines = [
    facts,
    `median of ${ROUNDS} interleaved rounds of ${SECONDS} s, closed loop; 20 % of the people came before`,
    '',
    ...table(
      ['', 'pushes/s', 'of REST', 'p50 ms', 'p99 ms', 'not acknowledged'],
      names.map((name) => {
        const rest = `REST, ${name.split(', ').at(-1)}`;
        const ratio = (rate(name) / rate(rest)).toFixed(2);
        const refused = (results.get(name) ?? []).reduce((sum, result) => sum + result.refused, 0);
        return [
          name,
          whole(rate(name)),
          ratio,
          of(name, (r) => r.p50).toFixed(1),
          of(name, (r) => r.p99).toFixed(1),
          refused,
        ];
      }),
    ),
    '',
    `slowest p99 of an acknowledgement: ${worst.toFixed(1)} ms (aim ≤ ${whole(AIM_MS)})`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
