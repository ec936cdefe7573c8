import { once } from 'node:events';
import { request as get, type IncomingMessage } from 'node:http';
import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import { sql } from 'kysely';
import t from 'tap';
import { LEAD_COLUMNS } from '../../../src/flows/lead-columns.ts';
import type { SheetRow } from '../../../src/sheets/sheet.ts';
import { openXlsx } from '../../../src/sheets/xlsx-sheet.ts';
import { captureAt, phoneOf, REASON } from '../../helpers/captured.ts';
import { type Service, startService } from '../../helpers/service.ts';
import { fileOf, UNNAMED, WIDE } from '../../sheets/file-of.ts';

type Row = Readonly<Record<string, string>>;

/** Asks for an export and answers once its head has come. */
async function begin(
  service: Service,
  query: string,
  key: string | null,
  headers: object = {},
): Promise<IncomingMessage> {
  const asked = get(`${service.url}/v1/leads/export${query}`, {
    headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
  });
  asked.end();
  const [answer] = await once(asked, 'response');
  return answer as IncomingMessage;
}

/** The bytes of an export in full, those of its answer that came whole. */
async function bytesOf(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function exported(
  service: Service,
  query = '',
  key: string | null = null,
  headers = {},
): Promise<readonly Row[]> {
  const answer = await begin(service, query, key ?? service.adminKey, headers);
  const text = String(await bytesOf(answer));
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${text}`);
  return parse(text, { bom: true, columns: true }) as readonly Row[];
}

const idsOf = (rows: readonly Row[]) => rows.map((row) => row['线索ID']);

async function audits(service: Service, action = 'leads.exported') {
  const query = service.db.selectFrom('audit').selectAll().where('action', '=', action).orderBy('at');
  return query.execute();
}

/** The entries of exports, as soon as there are so many. */
async function auditsOnce(service: Service, count: number) {
  for (;;) {
    const entries = await audits(service);
    if (entries.length >= count) return entries;
  }
}

/** So many further leads of one person, of an older day and of 1,600 characters that hardly compress each. */
async function fill(service: Service, id: string, count: number): Promise<void> {
  const most = 2_000; // a statement
  for (let from = 1; from <= count; from += most) {
    await sql`insert into lead select made.*
      from lead l, generate_series(${from}::int, ${Math.min(count, from + most - 1)}::int) n,
        lateral (select string_agg(md5(concat(n, k)), '') as text from generate_series(1, 50) k offset 0) long,
        lateral jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(), 'state', 'lost',
          'created_at', timestamptz '2020-01-01' + n * interval '1 second', 'reason', long.text)) made
      where l.id = ${id}`.execute(service.db);
  }
}

t.test('every column of a lead', async (t) => {
  const service = await startService(t);
  service.setClock(Date.parse('2026-11-21T16:00:00Z'));
  const person = {
    phone: '138 0013 8000',
    wechat: 'ZhangSan_88',
    name: '=张三',
    gender: 'male',
    email: 'zhangsan@example.com',
    company: '某某"科技",\n分公司',
    job_title: '-采购',
    province: '浙江',
    city: '杭州',
    district: '西湖区',
  };
  const first = await captureAt(service, '', '2026-06-01T12:30:00', {
    channel: 'xhs',
    person,
    store: 'S1',
    owner: 'A1',
    campaign: { id: 'c1', name: '六月团购会' },
  });
  await captureAt(service, '13800138000', '2026-06-02T08:00:00', { channel: 'shop' });
  const won = { state: 'won', amount: 18990000, currency: 'CNY', occurred_at: '2026-06-03T00:00:00Z' };
  const path = `/v1/leads/${first.lead_id}/state`;
  const headers = { 'on-behalf-of': 'adviser:A1' };
  t.equal((await service.call('POST', path, { body: { ...won, won_at: won.occurred_at }, headers })).status, 200);

  const answer = await begin(service, '', service.adminKey, REASON);
  const bytes = await bytesOf(answer);
  t.match(answer.headers, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="leads-20261122.csv"',
    'cache-control': 'no-store',
    'transfer-encoding': 'chunked',
  });
  t.equal(bytes.subarray(0, 3).toString('hex'), 'efbbbf');
  const [head, row, ...rest] = parse(bytes, { bom: true }) as string[][];
  t.strictSame(
    head,
    LEAD_COLUMNS.map(({ header }) => header),
  );
  t.strictSame(rest, []);
  const cells = [first.lead_id, '13800138000', "'=张三", 'male', 'zhangsan_88', 'zhangsan@example.com', person.company];
  const place = [
    "'-采购",
    '浙江',
    '杭州',
    '西湖区',
    'won',
    '',
    row?.[13],
    'S1',
    'A1',
    'xhs',
    'shop',
    'c1',
    '六月团购会',
  ];
  const rest2 = ['2', '1', '2026-06-01 12:30:00', '2026-11-22 00:00:00', '189900.00', 'CNY'];
  t.strictSame(row, [...cells, ...place, ...rest2]);
});

t.test('the encodings', async (t) => {
  const service = await startService(t);
  await captureAt(service, '', '2026-06-01T10:00:00', { person: { phone: '13800138000', name: '张三, 李四 㐂😀' } });
  for (const [encoding, charset, delimiter] of [
    ['utf-8-bom', 'utf-8', ','],
    ['utf-8', 'utf-8', ','],
    ['gb18030', 'gb18030', ','],
    ['utf-16le', 'utf-16le', '\t'],
  ] as const) {
    const answer = await begin(service, `?encoding=${encoding}`, service.adminKey, REASON);
    t.equal(answer.headers['content-type'], `text/csv; charset=${charset}`);
    const bytes = await bytesOf(answer);
    const text = iconv.decode(bytes, charset, { stripBOM: true });
    t.equal(
      bytes.length - iconv.encode(text, charset).length,
      { 'utf-8-bom': 3, 'utf-16le': 2 }[encoding as string] ?? 0,
      'a mark',
    );
    const [row] = parse(text, { columns: true, delimiter }) as readonly Row[];
    t.equal(row?.['姓名'], '张三, 李四 㐂😀', encoding);
    t.equal(row?.['手机号'], '13800138000', encoding);
  }
});

t.test('a workbook', async (t) => {
  const service = await startService(t);
  service.setClock(Date.parse('2026-11-22T00:00:00Z'));
  const { lead_id } = await captureAt(service, '', '2026-06-01T10:00:00', {
    person: { phone: '+85291234567', name: '=1+1' },
  });
  const answer = await begin(service, '?format=xlsx', service.adminKey, REASON);
  t.match(answer.headers, {
    'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'content-disposition': 'attachment; filename="leads-20261122.xlsx"',
  });
  const sheet = await openXlsx(fileOf(await bytesOf(answer)), UNNAMED, WIDE);
  t.match(sheet.facts, { sheets: ['线索'] });
  const rows: SheetRow[] = [];
  for await (const group of sheet.rows()) rows.push(...group);
  t.strictSame(
    rows[0]?.cells,
    LEAD_COLUMNS.map(({ header }) => header),
  );
  t.strictSame(rows[1]?.cells.slice(0, 3), [lead_id, '+85291234567', '=1+1']);
  t.equal(rows.length, 2);
  t.match(await audits(service), [{ detail: { format: 'xlsx', rows: 1, ending: 'complete' } }]);
});

t.test('filters, reach and refusals are those of the list', async (t) => {
  const service = await startService(t);
  const made: string[] = [];
  const add = async (at: string, more: object = {}) => {
    made.push((await captureAt(service, phoneOf(made.length), at, more)).lead_id);
  };
  await add('2026-06-01T00:30:00', { channel: 'douyin', store: 'S1', owner: 'A1' });
  await add('2026-06-01T10:00:00', { channel: 'xhs', store: 'S1' });
  await add('2026-06-01T23:59:59', { channel: 'search', store: 'S2', owner: 'A1' });
  await add('2026-06-02T00:00:00', { channel: 'douyin' });
  await sql`update lead set hidden = 'reverted' where id = ${made[3]}`.execute(service.db);
  const { name } = await service.db.selectFrom('source').select('name').executeTakeFirstOrThrow();
  const queries = [
    '',
    '?store=S1',
    '?state=new&state=assigned',
    '?channel=douyin',
    '?owner=A1',
    '?created_to=2026-06-01T10:00:00%2B08:00',
  ];
  for (const query of [...queries, `?source=${encodeURIComponent(name)}`, '?updated_from=2100-01-01', '?rating=none']) {
    const { body } = await service.call('GET', `/v1/leads${query}`);
    t.strictSame(
      idsOf(await exported(service, query)),
      body.items.map(({ id }: { id: string }) => id),
      query,
    );
  }
  t.strictSame(idsOf(await exported(service)), [made[2], made[1], made[0]], 'newest first');
  const seenBy = async (bound: object, query = '') =>
    idsOf(await exported(service, query, (await service.makeKey({ scopes: ['leads:read'], ...bound })).secret));
  t.strictSame(await seenBy({ stores: ['S1'] }), [made[1], made[0]]);
  t.strictSame(await seenBy({ adviser: 'A1' }), [made[2], made[0]]);
  t.strictSame(await seenBy({ stores: ['S1'] }, '?store=S2'), []);

  const refuse = async (query: string, path: string) => {
    const { status, body } = await service.call('GET', `/v1/leads/export${query}`);
    t.same([status, body.code, body.errors?.[0]?.path], [400, 'query_invalid', path], query);
  };
  await refuse('?phone=13800138000', '/phone');
  await refuse('?WeChat=zhangsan_88', '/WeChat');
  await refuse('?state=open', '/state/0');
  await refuse('?source=nobody', '/source');
  await refuse('?created_from=yesterday', '/created_from');
  await refuse('?format=pdf', '/format');
  await refuse('?encoding=latin1', '/encoding');
  await refuse('?format=xlsx&encoding=utf-8', '/encoding');
  await refuse('?limit=5', '/limit');
  const { secret } = await service.makeKey({ scopes: ['leads:write', 'pii:read', 'ops'] });
  t.equal((await service.call('GET', '/v1/leads/export', { key: secret })).status, 403);
  t.equal((await service.call('GET', '/v1/leads/export', { key: null })).status, 401);
  const told = (await audits(service)).length;
  const headers = { authorization: `Bearer ${service.adminKey}` };
  t.equal(
    (await fetch(`${service.url}/v1/leads/export`, { method: 'HEAD', headers })).status,
    404,
    'as of a lead of that id',
  );
  t.equal((await audits(service)).length, told, 'nothing is read to be thrown away');

  const { body: document } = await service.call('GET', '/openapi.json');
  const filtersOf = (path: string, ...own: readonly string[]) =>
    document.paths[path].get.parameters.filter(
      (it: { name?: string }) => it.name !== undefined && !own.includes(it.name),
    );
  t.strictSame(
    filtersOf('/v1/leads/export', 'format', 'encoding'),
    filtersOf('/v1/leads', 'sort', 'limit', 'cursor'),
    'a filter of one is a filter of the other',
  );
});

t.test('masked without scope and reason, audited either way', async (t) => {
  const service = await startService(t);
  const person = {
    phone: '13800138000',
    wechat: 'zhangsan_88',
    name: '张三 13800138000',
    email: 'zhangsan@example.com',
  };
  const { lead_id } = await captureAt(service, '', '2026-06-01T10:00:00', { person });
  const { secret: blind } = await service.makeKey({ scopes: ['leads:read'] });
  const { secret: seeing } = await service.makeKey({ scopes: ['leads:read', 'pii:read'], name: 'crm' });
  for (const [key, headers] of [
    [blind, REASON],
    [seeing, {}],
  ] as const) {
    const [row] = await exported(service, '?channel=douyin&store=13800138000', key, headers);
    t.equal(row, undefined);
    const [masked] = await exported(service, '?channel=douyin', key, headers);
    t.match(masked, { 手机号: '138****8000', 微信号: 'zh****88', 姓名: '张三 138****8000', 邮箱: 'z***@example.com' });
  }
  t.strictSame(await audits(service, 'phone.read'), []);

  const sent = { ...REASON, 'on-behalf-of': 'adviser:A1', 'x-request-id': 'req-export-1' };
  const [row] = await exported(service, '?channel=douyin&encoding=utf-8', seeing, sent);
  t.match(row, {
    手机号: '13800138000',
    微信号: 'zhangsan_88',
    姓名: '张三 13800138000',
    邮箱: 'zhangsan@example.com',
  });
  const who = { actor: 'adviser:A1 via key:crm', reason: 'call back', request_id: 'req-export-1' };
  t.match(await audits(service, 'phone.read'), [
    { ...who, subject_kind: 'lead', subject_id: null, detail: { route: 'GET /v1/leads/export', ids: [lead_id] } },
  ]);
  const entries = await audits(service);
  t.equal(entries.length, 5);
  t.equal(
    entries.filter(({ reason, detail }) => reason === null && (detail as { sight: string }).sight === 'masked').length,
    4,
  );
  const last = entries.find(({ request_id }) => request_id === 'req-export-1');
  const { started_at, ...detail } = { started_at: '', ...last?.detail };
  t.match(started_at, /^\d{4}-.*Z$/);
  t.match(last, { ...who, subject_kind: 'lead', subject_id: null });
  t.strictSame(detail, {
    format: 'csv',
    encoding: 'utf-8',
    filters: { channel: 'douyin' },
    sight: 'full',
    rows: 1,
    ending: 'complete',
  });
  t.notMatch(JSON.stringify(entries), /13800138000/, 'not even where it was asked for as a store');
  t.notMatch(JSON.stringify(service.logs()), /13800138000/);
});

t.test('many pages while leads arrive: none twice, none left out', async (t) => {
  const service = await startService(t);
  const { lead_id } = await captureAt(service, phoneOf(0), '2026-06-01T10:00:00');
  await fill(service, lead_id, 4_000);
  const before = await sql<{ id: string }>`select id from lead`.execute(service.db);
  const answer = await begin(service, '', service.adminKey);
  const pieces: Buffer[] = [];
  let arrived = 0;
  for await (const piece of answer) {
    pieces.push(piece as Buffer);
    if (arrived >= 20) continue;
    // Between what was sent and what is not: the newest, and among the oldest.
    await captureAt(service, phoneOf(++arrived), '2026-07-01T10:00:00');
    await captureAt(service, phoneOf(++arrived), `2020-01-01T0${arrived % 8}:00:00`);
  }
  const ids = idsOf(parse(Buffer.concat(pieces), { bom: true, columns: true }) as readonly Row[]);
  t.equal(new Set(ids).size, ids.length, 'none twice');
  const seen = new Set(ids);
  t.equal(before.rows.filter(({ id }) => !seen.has(id)).length, 0, 'none left out');
  t.match(await audits(service), [{ detail: { rows: ids.length, ending: 'complete' } }]);
});

t.test('a client that goes stops it', async (t) => {
  const service = await startService(t);
  const { lead_id } = await captureAt(service, phoneOf(0), '2026-06-01T10:00:00');
  await fill(service, lead_id, 12_000);
  for (const [index, format] of (['csv', 'xlsx'] as const).entries()) {
    const answer = await begin(service, `?format=${format}`, service.adminKey);
    await once(answer, 'readable');
    answer.destroy();
    const entry = (await auditsOnce(service, index + 1))[index];
    t.match(entry, { detail: { format, ending: 'broken_off' } });
    const rows = (entry?.detail as { rows: number } | undefined)?.rows ?? 0;
    t.ok(rows >= 500 && rows < 12_001, `${rows} rows were read`);
  }
  t.equal((await audits(service)).length, 2, 'each is told once');
  t.notOk(service.logs().some(({ msg }) => msg === 'leads.export_failed'));
});

t.test('what fails before the head has a status, what fails later breaks the answer off', async (t) => {
  const service = await startService(t);
  const { lead_id } = await captureAt(service, phoneOf(0), '2026-06-01T10:00:00');
  await fill(service, lead_id, 12_000);
  for (const [index, format] of (['csv', 'xlsx'] as const).entries()) {
    const answer = await begin(service, `?format=${format}`, service.adminKey);
    t.equal(answer.statusCode, 200);
    await sql`alter table deal rename to deal_gone`.execute(service.db);
    await t.rejects(bytesOf(answer), { code: 'ECONNRESET' }, `${format}: the client can tell`);
    t.equal((await service.call('GET', `/v1/leads/export?format=${format}`)).status, 500);
    await sql`alter table deal_gone rename to deal`.execute(service.db);
    t.match((await auditsOnce(service, index + 1))[index], { detail: { format, ending: 'broken_off' } });
  }
  const failures = service.logs().filter(({ msg }) => msg === 'leads.export_failed');
  t.match(failures, [{ fault: { message: 'the database refused a statement' } }, {}]);
  t.equal((await audits(service)).length, 2, 'what never began is no export');
});
