import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import t from 'tap';
import type { Push, Setup } from '../../../src/channels/channel.ts';
import { CHANNELS } from '../../../src/channels/index.ts';
import { bytesOf } from '../../../src/flows/read-push.ts';
import { hostileBodies } from '../../channels/hostile.ts';
import { nested } from '../../channels/mutations.ts';
import { RECEIVED_AT, type Sample, samples, setupOf, signedWith, unsignedPush } from '../../channels/samples.ts';
import { type Service, startService } from '../../helpers/service.ts';

// Whatever is sent to a running service: no fault of ours, no long wait, nothing that turns a hook off, and of every push that was
// acknowledged for a lead the very bytes are there.

t.setTimeout(240_000);
t.jobs = 1;

const FUZZ_MS = 20_000;
const LONGEST_MS = 5_000; // that 抖音 and 企业微信 wait; a machine may be busy with other tests
const IGNORED = new Set(['topic_unknown', 'not_a_lead', 'ping']);
const BOUNDARY = 'demo-boundary';
const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'application/xml',
  `multipart/form-data; boundary=${BOUNDARY}`,
  'text/plain; charset=gbk',
  'nonsense',
] as const;

/** A source with one of its samples, at the address that it was given. */
interface Stage {
  readonly sample: Sample;
  readonly setup: Setup;
  readonly id: string;
  readonly push: Push;
  readonly seen: Set<string>; // submissions that were looked at
}

interface Attack {
  readonly body: Uint8Array;
  readonly type: string | null; // null: that of the sample
  readonly query: string | null;
  readonly encoding: string | null;
  readonly signed: boolean;
}

t.test('pushes by chance: bytes, JSON, other types, other queries, signed or not', async (t) => {
  const service = await startService(t);
  const stages = await stagesOf(service);
  const runs = fc.tuple(...stages.map(({ push }) => attackOn(push)));
  let sent = 0;
  const faults: string[] = [];
  await fc.assert(
    fc.asyncProperty(runs, async (attacks) => {
      const found = await Promise.all(stages.map((stage, i) => send(service, stage, attacks[i] ?? whole(stage))));
      sent += found.length;
      faults.push(...found.flat());
      if (found.flat().length > 0) throw new Error(found.flat().join('\n'));
    }),
    { numRuns: 40, interruptAfterTimeLimit: FUZZ_MS, markInterruptAsFailure: false, endOnFailure: true },
  );
  t.strictSame(faults, []);
  t.ok(sent > stages.length, `${sent} pushes`);
  const after = await Promise.all(stages.map((stage) => send(service, stage, whole(stage))));
  t.strictSame(after.flat(), [], 'and the samples are taken as ever');
});

t.test('bodies that are made to be dear', async (t) => {
  const service = await startService(t);
  const all = await stagesOf(service);
  const stages = all.filter(({ sample }, i) => all.findIndex((other) => other.sample.channel === sample.channel) === i);
  t.equal(stages.length, Object.keys(CHANNELS).length, 'every kind');
  for (const [what, attack] of Object.entries(monsters())) {
    const faults: string[] = [];
    // One after the other: what one costs is seen in its own time.
    for (const stage of stages) {
      const proves = stage.sample.sign !== undefined;
      for (const signed of proves ? [true, false] : [false])
        faults.push(...(await send(service, stage, { ...attack, signed })));
    }
    t.strictSame(faults, [], what);
  }
  for (const { sample, push, setup } of stages) {
    const reply = await service.call('POST', push.path, { key: null, raw: Buffer.alloc((1 << 20) + 1, 0x20) });
    const own = CHANNELS[sample.channel]?.acknowledge('too_large', setup);
    t.match(reply, { status: own?.status, text: own?.body }, `${sample.channel}: too large, in its own form`);
  }
});

/** One source for each kind and content type of a sample that brings a lead. */
async function stagesOf(service: Service): Promise<readonly Stage[]> {
  service.setClock(Date.parse(RECEIVED_AT));
  const chosen = new Map<string, Sample>();
  for (const sample of samples()) {
    const { expect, request, received_at } = sample;
    const isLead = expect.items?.some(({ kind }) => kind === 'lead') === true;
    if (!isLead || request.method !== 'POST' || received_at !== undefined) continue;
    const name = `${sample.channel} ${request.headers['content-type']?.split(';')[0]} ${sample.sign?.family ?? 'none'}`;
    if (!chosen.has(name)) chosen.set(name, sample);
  }
  const stages: Stage[] = [];
  for (const [name, sample] of chosen) {
    const { secrets, credentials, settings } = setupOf(sample);
    const secret = secrets[0]?.padEnd(8, '!');
    const { body } = await service.call('POST', '/v1/sources', {
      body: {
        name,
        kind: sample.channel,
        ...(secret === undefined ? {} : { secret }),
        credentials,
        settings: { platform: settings },
      },
    });
    const setup = { secrets: secret === undefined ? [] : [secret], credentials, settings };
    const push = { ...unsignedPush(sample), path: body.address as string };
    stages.push({ sample, setup, id: body.id, push, seen: new Set() });
  }
  return stages;
}

function attackOn(push: Push): fc.Arbitrary<Attack> {
  // A client writes ' as %27 by itself, and keeps what stands behind # to itself.
  const other = fc
    .string({ unit: 'grapheme', maxLength: 40 })
    .map((text) => encodeURI(text).replaceAll("'", '%27').replaceAll('#', '%23'));
  return fc.record({
    body: hostileBodies(push),
    type: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.constantFrom(...TYPES)),
    query: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, other),
    encoding: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, fc.constantFrom('gzip', 'br', 'none of these')),
    signed: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  });
}

function whole({ push }: Stage): Attack {
  return { body: push.body, type: null, query: null, encoding: null, signed: true };
}

/** Sends one push, and says all that is wrong with what came of it. */
async function send(service: Service, stage: Stage, attack: Attack): Promise<readonly string[]> {
  const { sample, setup, id } = stage;
  const bare: Push = {
    ...stage.push,
    body: attack.body,
    query: attack.query ?? stage.push.query,
    headers: {
      ...stage.push.headers,
      ...(attack.type === null ? {} : { 'content-type': attack.type }),
      ...(attack.encoding === null ? {} : { 'content-encoding': attack.encoding }),
    },
  };
  const push = attack.signed ? signedWith(sample, bare, setup) : bare;
  const before = service.pushes.filter(({ source }) => source === id).length;
  const began = performance.now();
  const reply = await service.call('POST', `${push.path}${push.query === '' ? '' : `?${push.query}`}`, {
    key: null,
    headers: push.headers,
    raw: Buffer.from(push.body),
  });
  const ms = Math.round(performance.now() - began);
  const name = `${sample.channel}/${sample.file}: ${reply.status} to ${Buffer.from(push.body.subarray(0, 300))}`;
  const faults: string[] = [];
  if (reply.status >= 500 || reply.status === 404 || reply.status === 410) faults.push(name);
  if (ms > LONGEST_MS) faults.push(`${name}: after ${ms} ms`);
  const report = service.pushes.filter(({ source }) => source === id)[before];
  if (report === undefined) return [...faults, `${name}: no report`];
  const fresh = await keptSince(service, stage);
  if (reply.status >= 300 || report.as === 'handshake') {
    return fresh.length === 0 ? faults : [...faults, `${name}: refused and kept`];
  }
  const decided = Object.values(report.decisions).reduce((sum, count) => sum + count, 0);
  const erased = sample.channel === 'linkedin' && report.code === null;
  if (decided === 0) return IGNORED.has(report.code ?? '') || erased ? faults : [...faults, `${name}: not kept`];
  // A replay has left its bytes before.
  if (fresh.length !== decided - (report.decisions['replayed'] ?? 0)) faults.push(`${name}: ${fresh.length} kept`);
  const { raw } = bytesOf(push);
  if (decided === 1 && fresh.some((body) => !body.equals(raw))) faults.push(`${name}: other bytes are kept`);
  return faults;
}

/** The bodies of submissions of the source that were not looked at before. */
async function keptSince(service: Service, { id, seen }: Stage): Promise<readonly Buffer[]> {
  const rows = await service.db
    .selectFrom('submission')
    .innerJoin('raw_body', 'raw_body.submission_id', 'submission.id')
    .select(['submission.id', 'raw_body.body', 'raw_body.sealed'])
    .where('submission.source_id', '=', id)
    .where('submission.id', 'not in', ['00000000-0000-0000-0000-000000000000', ...seen])
    .execute();
  for (const row of rows) seen.add(row.id);
  return rows.map(({ body, sealed }) => (sealed ? service.vault.open(body) : body));
}

/** Small bodies that cost much where they are read without care. */
function monsters(): Readonly<Record<string, Omit<Attack, 'signed'>>> {
  const body = (text: string | Buffer, type: string, encoding: string | null = null): Omit<Attack, 'signed'> => ({
    body: Buffer.from(text as string),
    type,
    query: null,
    encoding,
  });
  const entities = Array.from({ length: 12 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('');
  const part = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n`;
  const [json, form, xml] = TYPES;
  const multipart = TYPES[3];
  return {
    'entities of entities': body(`<!DOCTYPE x [<!ENTITY e0 "a">${entities}]><xml><a>&e12;</a></xml>`, xml),
    'an entity of a file': body(`<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><xml><a>&f;</a></xml>`, xml),
    'entities of XML itself': body(`<xml><a>${'&amp;#60;&#x10FFFF;&lt;'.repeat(5_000)}</a></xml>`, xml),
    'elements in elements': body(`${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}`, xml),
    'elements that never end': body('<a '.repeat(100_000), xml),
    'lists in lists': body(nested(50_000), json),
    'JSON in JSON in JSON': body(
      Array.from({ length: 12 }).reduce<string>((text) => JSON.stringify({ data: text }), '{}'),
      json,
    ),
    'many members': body(`{${Array.from({ length: 15_000 }, (_, i) => `"k${i}":0`).join(',')}}`, json),
    'many names': body(Array.from({ length: 15_000 }, (_, i) => `a${i}=1`).join('&'), form),
    'one name many times': body('phone=1&'.repeat(20_000), form),
    'names in names': body(`a${'[b]'.repeat(30_000)}=1`, form),
    'percent signs': body('%'.repeat(100_000), form),
    'many parts': body(part.repeat(2_000), multipart),
    'a part that never ends': body(`${part}${'-'.repeat(100_000)}`, multipart),
    'a small body that would be large': body(gzipSync(Buffer.alloc(64 << 20)), json, 'gzip'),
  };
}
