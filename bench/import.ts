import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { table, whole } from './delivery-numbers.ts';
import { leadStream } from './leads.ts';
import { offer } from './load.ts';
import { openStage, runProgram, type Stage, type Subject, startClew } from './stage.ts';

const ROWS = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 15);
const SOURCE = '00000000-0000-7000-8000-00000000000b';
const HEADER = '线索ID,渠道,手机号,姓名,城市,广告计划ID,点击ID,需求,活动ID,线索创建时间';
const AIMS = { ofLimit: 0.75, memoryMb: 150, p99: 2 } as const;

/** How a file went in. */
interface Imported {
  readonly seconds: number;
  readonly perSecond: number;
  readonly idleMb: number;
  readonly peakMb: number;
  readonly classes: Readonly<Record<string, number>>;
}

/** Measures a large file beside the same set statements without one, a plain COPY, and live leads while it runs. */
export async function benchImport(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'clew-bench-'));
  await chmod(folder, 0o755); // the server reads it by itself, as a user of its own
  const stage = await openStage();
  try {
    const file = join(folder, 'leads.csv');
    await writeLeads(file, ROWS);
    const limit = await setLimit(stage, 'before');
    const copied = await copy(stage, file);
    process.stderr.write(`set statements ${whole(limit)}/s, COPY ${whole(copied)}/s\n`);
    const live = await liveBeside(stage, file);
    process.stderr.write(`live p99 ${live.quiet.toFixed(1)} ms quiet, ${live.beside.toFixed(1)} ms beside an import\n`);
    const imported = await importFile(stage, file);
    const after = await setLimit(stage, 'after');
    const { size } = await stat(file);
    report(await stage.facts(), {
      limit: Math.max(limit, after),
      limits: [limit, after],
      copied,
      live,
      imported,
      size,
    });
  } finally {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeLeads(path: string, rows: number): Promise<void> {
  const stream = leadStream('import', 0);
  const out = createWriteStream(path);
  out.write(`${HEADER}\r\n`);
  for (let n = 0; n < rows; n += 1) {
    const lead = stream.next() as { readonly [name: string]: Readonly<Record<string, string>> } & {
      readonly external_id: string;
      readonly channel: string;
    };
    const { person = {}, traffic = {}, intent = {}, campaign = {} } = lead;
    const cells = [
      lead.external_id,
      lead.channel,
      person['phone'],
      person['name'],
      person['city'],
      traffic['campaign_id'],
      traffic['click_id'],
      intent['need'],
      campaign['id'],
      `2026-06-01 12:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`,
    ];
    if (!out.write(`${cells.join(',')}\r\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

async function setLimit(stage: Stage, name: string): Promise<number> {
  const args = ['250', String(SECONDS), `sets-${name}`, '0'];
  const env = { DATABASE_URL: await stage.database(`sets_${name}`), BENCH_SOURCE: SOURCE };
  return (await runProgram<{ perSecond: number }>('set-limit.ts', args, env)).perSecond;
}

async function copy(stage: Stage, file: string): Promise<number> {
  const url = await stage.database('copied');
  const columns = ['id', 'channel', 'phone', 'name', 'city', 'campaign', 'click', 'need', 'event', 'at'];
  await stage.query(url, `create table plain (${columns.map((name) => `${name} text`).join(', ')})`);
  const began = performance.now();
  await stage.query(url, `copy plain from '${file}' with (format csv, header)`);
  return (ROWS * 1000) / (performance.now() - began);
}

async function liveBeside(stage: Stage, file: string) {
  const clew = await startClew(await stage.database('live'));
  try {
    const stream = leadStream('live', 500_000);
    const load = { ...clew, path: '/v1/leads', connections: 1, body: () => JSON.stringify(stream.next()) };
    await offer({ ...load, seconds: 3 });
    const quiet = await offer({ ...load, seconds: SECONDS });
    const id = await upload(clew, file);
    while ((await show(clew, id)).rows.done === 0) await wait(200);
    const before = await show(clew, id);
    const beside = await offer({ ...load, seconds: SECONDS });
    const after = await show(clew, id);
    await call(clew, 'POST', `/v1/imports/${id}/cancel`);
    return {
      quiet: quiet.p99,
      beside: beside.p99,
      quietRate: quiet.perSecond,
      besideRate: beside.perSecond,
      importRate: (after.rows.done - before.rows.done) / beside.seconds,
    };
  } finally {
    await clew.stop();
  }
}

async function importFile(stage: Stage, file: string): Promise<Imported> {
  const clew = await startClew(await stage.database('imported'));
  try {
    await wait(2_000);
    const idleMb = await clew.memoryMb();
    const id = await upload(clew, file);
    const began = performance.now();
    let peakMb = 0;
    let told = began;
    for (;;) {
      const { state, rows, classes } = await show(clew, id);
      peakMb = Math.max(peakMb, await clew.memoryMb());
      const seconds = (performance.now() - began) / 1000;
      if (state === 'completed') return { seconds, perSecond: ROWS / seconds, idleMb, peakMb, classes };
      if (state === 'failed') throw new Error('the import failed');
      if (performance.now() - told > 15_000) {
        told = performance.now();
        process.stderr.write(`${whole(rows.done)} rows, ${whole(rows.done / seconds)}/s, ${whole(peakMb)} MB\n`);
      }
      await wait(250);
    }
  } finally {
    await clew.stop();
  }
}

interface Shown {
  readonly state: string;
  readonly rows: { readonly done: number };
  readonly classes: Readonly<Record<string, number>>;
}

async function upload(clew: Subject, file: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${clew.port}/v1/imports?file_name=leads.csv`, {
    method: 'POST',
    headers: { authorization: `Bearer ${clew.key}`, 'content-type': 'text/csv' },
    body: createReadStream(file) as unknown as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { readonly id: string }).id;
}

async function show(clew: Subject, id: string): Promise<Shown> {
  return (await call(clew, 'GET', `/v1/imports/${id}`)) as Shown;
}

async function call(clew: Subject, method: string, path: string): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${clew.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${clew.key}` },
  });
  return answer.json();
}

interface Findings {
  readonly limit: number;
  readonly limits: readonly number[];
  readonly copied: number;
  readonly live: Awaited<ReturnType<typeof liveBeside>>;
  readonly imported: Imported;
  readonly size: number;
}

function report(facts: string, { limit, limits, copied, live, imported, size }: Findings): void {
  const ratio = (imported.perSecond / limit).toFixed(2);
  const grown = imported.peakMb - imported.idleMb;
  const lines = [
    facts,
    `${whole(ROWS)} rows, ${whole(size / 2 ** 20)} MiB of CSV, 20 % of them by people who came before`,
    '',
    ...table(
      ['', 'rows/s', 'of the set statements'],
      [
        ['import, from upload to the last row', whole(imported.perSecond), ratio],
        ['set statements in batches of 250, before and after', limits.map(whole).join(', '), '1.00'],
        ['COPY of the same rows into one table without an index', whole(copied), (copied / limit).toFixed(1)],
      ],
    ),
    '',
    `import ÷ set statements: ${ratio} (aim ≥ ${AIMS.ofLimit})`,
    `memory: ${whole(imported.idleMb)} MB idle, ${whole(imported.peakMb)} MB at most: ${whole(grown)} MB over (aim < ${AIMS.memoryMb})`,
    `p99 of a live lead: ${live.quiet.toFixed(1)} ms quiet, ${live.beside.toFixed(1)} ms beside an import: ${(live.beside / live.quiet).toFixed(2)} times (aim ≤ ${AIMS.p99})`,
    `live leads ${whole(live.quietRate)}/s quiet, ${whole(live.besideRate)}/s beside; the import did ${whole(live.importRate)}/s meanwhile`,
    `classes: ${JSON.stringify(imported.classes)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
