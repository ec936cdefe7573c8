import iconv from 'iconv-lite';
import t, { type Test } from 'tap';
import { finish, importerOf, rowsOf } from '../../helpers/importing.ts';
import { type Call, type Service, startService } from '../../helpers/service.ts';

const csv = (raw: string | Buffer): Call => ({ raw, headers: { 'content-type': 'text/csv' } });
const REASON = { 'access-reason': 'correct the file' };
const FILE = [
  '姓名,手机号,备注',
  '张三,13800138000,=1+1',
  '李四,1380013,"回电,下午"',
  '张三,13800138000,',
  ',,没有电话',
  '王五,13800138002,喜欢 13800138009',
  '赵六,12345,@sum,多一格',
].join('\r\n');

async function imported(t: Test, service: Service, file: string | Buffer, query = ''): Promise<string> {
  const made = await service.call('POST', `/v1/imports?file_name=leads.csv&${query}`, csv(file));
  if (made.status !== 202) throw new Error(made.text);
  await finish(service, importerOf(t, service), made.body.id);
  return made.body.id;
}

t.test('an import that is through: numbers that add up, rows, values masked or audited', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const id = await imported(t, service, FILE);
  const one = (await call('GET', `/v1/imports/${id}`)).body;
  t.match(one, {
    state: 'completed',
    rows: { total: 6, done: 6, failed: 3 },
    remaining_seconds: null,
    decisions: { created: 2, quarantined: 3 },
    reading: { format: 'csv', encoding: 'utf-8', delimiter: ',', header_row: 1 },
    masked: 'access_reason_missing',
    preview: null,
    fault: null,
  });
  t.equal(typeof one.rows_per_second, 'number');
  t.equal(
    (Object.values(one.classes) as number[]).reduce((sum, n) => sum + n, 0),
    6,
    'every row has one class',
  );
  t.match(one.classes, { new: 2, repeated_in_file: 1, phone_unusable: 2, phone_empty: 1, date_invalid: 0 });
  const get = (query: string, more: Call = {}) => call('GET', `/v1/imports/${id}/rows?${query}`, more);

  const all = (await get('')).body;
  t.strictSame(
    all.items.map(({ row }: { row: number }) => row),
    [2, 3, 4, 5, 6, 7],
  );
  t.match(all.items[0], { class: 'new', decision: 'created', code: null, value: null });
  t.ok(all.items[0].lead_id !== null && all.items[0].lead_id === all.items[2].lead_id);
  const failed = (await get('result=failed')).body;
  t.match(failed, { masked: 'access_reason_missing', next_cursor: null });
  t.match(failed.items, [
    { row: 3, code: 'phone_invalid', column: '手机号', value: '****013' },
    { row: 5, code: 'phone_empty' },
    { row: 7, code: 'phone_invalid', value: '***45' },
  ]);
  t.equal((await get('result=repeated_in_file')).body.items.length, 1, 'by class');
  t.equal((await get('result=created')).body.items.length, 2, 'by decision');
  t.match(await get('result=nonsense'), { status: 400, body: { code: 'query_invalid' } });

  const seen: number[] = [];
  let cursor = '';
  do {
    const page = (await get(`limit=2&result=failed${cursor}`)).body;
    seen.push(...page.items.map(({ row }: { row: number }) => row));
    cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
  } while (cursor !== '');
  t.strictSame(seen, [3, 5, 7]);
  const { next_cursor: other } = (await get('limit=2')).body;
  t.match(await get(`limit=2&result=failed&cursor=${other}`), { status: 400, body: { code: 'cursor_invalid' } });

  const audit = async () => (await call('GET', '/v1/audit?action=phone.read')).body.items;
  t.strictSame(await audit(), [], 'masked readings are not audited');
  const full = await get('result=failed', { headers: REASON });
  t.match(full.body, { masked: null, items: [{ value: '1380013' }, {}, { value: '12345' }] });
  t.match(await audit(), [{ subject: { kind: 'import', id }, reason: 'correct the file' }]);
  const bound = await service.makeKey({ scopes: ['ops', 'pii:read'], stores: ['S1'] });
  t.match(
    (await get('result=failed', { headers: REASON, key: bound.secret })).body.masked,
    'scope_missing',
    'a bound key never',
  );
});

t.test('the errors file: as the file was, and why; corrected, it goes in as it is', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const id = await imported(t, service, FILE);
  const get = (query = '', headers: Call['headers'] = REASON) =>
    call('GET', `/v1/imports/${id}/errors.csv${query}`, { headers });
  const full = await get();
  t.equal(full.status, 200);
  t.equal(full.headers['content-type'], 'text/csv; charset=utf-8');
  t.match(full.headers['content-disposition'], /filename="leads\.errors\.csv"/);
  const lines = full.text.split('\r\n');
  t.equal(lines[0]?.replace('\uFEFF', ''), '姓名,手机号,备注,,error_row,error_column,error_code,error_hint');
  t.match(lines[1], /^李四,1380013,"回电,下午",,3,手机号,phone_invalid,/);
  t.match(lines[2], /^,,没有电话,,5,/);
  t.match(lines[3], /^赵六,12345,'@sum,多一格,7,手机号,phone_invalid,/, 'formulas are safe, and no cell is lost');
  t.equal(lines.length, 5);
  t.match((await call('GET', '/v1/audit?action=phone.read')).body.items, [{ subject: { kind: 'import', id } }]);
  t.match((await get('', {})).text, /李四,\*\*\*\*013/, 'masked without a reason');

  const fixed = full.text.replace('李四,1380013,', '李四,13800138001,').replace('赵六,12345', '赵六,13800138004');
  const second = await imported(t, service, fixed);
  const rows = await rowsOf(service, second);
  t.match(
    rows.map((row) => [row.decision, row.code]),
    [
      ['created', null],
      ['quarantined', 'phone_empty'],
      ['created', null],
    ],
  );
  const third = (await call('GET', `/v1/imports/${second}/errors.csv?encoding=utf-8`, { headers: REASON })).text;
  t.match(third, /^姓名,手机号,备注,,error_row,error_column,error_code,error_hint\r\n/);
  t.equal(third.match(/error_row/g)?.length, 1, 'its own columns are not repeated');

  t.equal(iconv.decode(Buffer.from((await get('?encoding=utf-8')).text), 'utf-8'), full.text.replace('\uFEFF', ''));
  t.match(await get('?encoding=latin1'), { status: 400, body: { code: 'query_invalid' } });
  const bytes = async (encoding: string) => {
    const headers = { authorization: `Bearer ${service.adminKey}`, ...REASON };
    const answer = await fetch(`${service.url}/v1/imports/${id}/errors.csv?encoding=${encoding}`, { headers });
    return Buffer.from(await answer.arrayBuffer());
  };
  t.match(iconv.decode(await bytes('gb18030'), 'gb18030'), /^姓名,手机号,备注,/);
  const wide = await bytes('utf-16le');
  t.strictSame([...wide.subarray(0, 2)], [0xff, 0xfe]);
  t.match(iconv.decode(wide, 'utf-16le'), /姓名\t手机号\t备注\t\terror_row/);
});

t.test('cells beyond the columns that were found are kept, behind all', async (t) => {
  const service = await startService(t);
  const good = Array.from({ length: 120 }, (_, i) => `13800138${String(i).padStart(3, '0')}`).join('\n');
  const id = await imported(t, service, `手机号\n${good}\n12,x,=y\n`);
  const { text } = await service.call('GET', `/v1/imports/${id}/errors.csv`, { headers: REASON });
  t.match(text, /\r\n12,122,手机号,phone_invalid,[^\r]*,x,'=y\r\n/);
});

t.test('an errors file has the delimiter of the file', async (t) => {
  const service = await startService(t);
  const id = await imported(t, service, '姓名;手机号\n张三;12\n李四;13800138001\n');
  const { text } = await service.call('GET', `/v1/imports/${id}/errors.csv`, { headers: REASON });
  t.match(text, /^\uFEFF?姓名;手机号;error_row;/);
});

t.test('a dry run: previewed with its first rows, then run for real', async (t) => {
  const service = await startService(t);
  const { call, db } = service;
  const id = await imported(t, service, FILE, 'dry_run=true');
  const preview = (await call('GET', `/v1/imports/${id}`)).body;
  t.match(preview, { state: 'previewed', dry_run: true, rows: { total: 6, done: 6, failed: 3 } });
  t.equal(preview.preview.length, 6);
  t.match(preview.preview[0], {
    row: 2,
    class: 'new',
    decision: 'created',
    draft: { person: { phone: '*******8000', name: '张三' } },
  });
  t.match(preview.preview[1], { row: 3, code: 'phone_invalid', column: '手机号' });
  t.notMatch(JSON.stringify(preview), /13800138000|13800138009/, 'no phone in full, in whatever cell');
  const full = (await call('GET', `/v1/imports/${id}`, { headers: REASON })).body;
  t.match(full.preview[0].draft, { person: { phone: '13800138000' } });
  t.match((await call('GET', '/v1/audit?action=phone.read')).body.items, [{ subject: { kind: 'import', id } }]);
  t.strictSame(await db.selectFrom('lead').select('id').execute(), [], 'nothing was written');

  const run = await call('POST', `/v1/imports/${id}/run`);
  t.match(run, { status: 202, body: { state: 'waiting', dry_run: false, rows: { total: 6, done: 0, failed: 0 } } });
  t.strictSame(await rowsOf(service, id), []);
  t.match(await call('POST', `/v1/imports/${id}/run`), {
    status: 409,
    body: { code: 'state_conflict', allowed: ['previewed'] },
  });
  await finish(service, importerOf(t, service), id);
  const done = (await call('GET', `/v1/imports/${id}`)).body;
  t.match(done, { state: 'completed', dry_run: false, preview: null });
  t.strictSame([done.classes, done.decisions, done.rows], [preview.classes, preview.decisions, preview.rows]);
  t.equal((await db.selectFrom('lead').select('id').execute()).length, 2);
  t.match(await call('POST', `/v1/imports/${id}/cancel`), { status: 409, body: { code: 'state_conflict' } });
  t.match((await call('GET', '/v1/audit?action=import.run')).body.items, [{ subject: { kind: 'import', id } }]);
});

t.test('a file that cannot be read ends as failed; what it says of itself holds no phone', async (t) => {
  const service = await startService(t);
  const id = await imported(t, service, 'x13800138000,y\nz,13800138001\n');
  const { body, text } = await service.call('GET', `/v1/imports/${id}`);
  t.match(body, { state: 'failed', fault: { code: 'header_not_found' }, rows: { total: null, done: 0 } });
  t.notMatch(text, /13800138000|13800138001/);
  t.match((await service.call('GET', `/v1/imports/${id}/errors.csv`)).text, /error_row/, 'an errors file without rows');
  t.strictSame((await service.call('GET', `/v1/imports/${id}/rows`)).body.items, []);
});

t.test('the list: newest first, by state, in pages', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    service.setClock(Date.UTC(2026, 5, 1) + Math.floor(i / 2)); // two of one moment
    ids.push((await call('POST', '/v1/imports', csv(`手机号\n1380013800${i}\n`))).body.id);
  }
  await call('POST', `/v1/imports/${ids[0]}/cancel`);
  const seen: string[] = [];
  for (let cursor = ''; ; ) {
    const page = (await call('GET', `/v1/imports?limit=2${cursor}`)).body;
    seen.push(...page.items.map(({ id }: { id: string }) => id));
    if (page.next_cursor === null) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  t.strictSame([...seen].sort(), [...ids].sort(), 'each once');
  t.equal(seen[0], ids[4]);
  const states = async (query: string) => (await call('GET', `/v1/imports?${query}`)).body.items.length;
  t.strictSame([await states('state=cancelled'), await states('state=waiting&state=cancelled')], [1, 5]);
});

interface Told {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  readonly data: any;
}

/** Reads server-sent events as they come. */
async function* eventsOf(service: Service, id: string, signal?: AbortSignal): AsyncGenerator<Told> {
  const headers = { authorization: `Bearer ${service.adminKey}` };
  const answer = await fetch(`${service.url}/v1/imports/${id}/progress`, { headers, signal: signal ?? null });
  if (answer.headers.get('content-type') !== 'text/event-stream') throw new Error(await answer.text());
  let text = '';
  for await (const piece of answer.body ?? []) {
    text += Buffer.from(piece).toString();
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, event = '', data = '{}'] = /^event: (\w+)\ndata: (.*)$/s.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      yield { event, data: JSON.parse(data) };
    }
  }
}

t.test('progress is told as it is made, and ends with the import', async (t) => {
  const service = await startService(t);
  const { body } = await service.call('POST', '/v1/imports', csv(FILE));
  const events = eventsOf(service, body.id);
  t.match((await events.next()).value, { event: 'progress', data: { state: 'waiting', rows: { done: 0 } } });
  await finish(service, importerOf(t, service), body.id);
  const told: Told[] = [];
  for await (const one of events) told.push(one);
  t.match(told.at(-1), { event: 'done', data: { state: 'completed', rows: { total: 6, done: 6, failed: 3 } } });
  const later: Told[] = [];
  for await (const one of eventsOf(service, body.id)) later.push(one);
  t.match(later, [{ event: 'done', data: { state: 'completed' } }], 'of one that has ended, its end');
});

t.test('whoever watches does not keep the service from closing, nor does one who goes', async (t) => {
  const service = await startService(t);
  const { body } = await service.call('POST', '/v1/imports', csv(FILE));
  const gone = new AbortController();
  const first = eventsOf(service, body.id, gone.signal);
  await first.next();
  gone.abort();
  await t.rejects(first.next());
  const watching = eventsOf(service, body.id);
  await watching.next();
  await service.app.close();
  t.match(await watching.next(), { done: true }, 'without done: it is to be opened again');
});

t.test('a process that drains ends its watchers', async (t) => {
  let draining = false;
  const service = await startService(t, { readiness: { draining: () => draining } });
  const { body } = await service.call('POST', '/v1/imports', csv(FILE));
  const watching = eventsOf(service, body.id);
  await watching.next();
  draining = true;
  t.match(await watching.next(), { done: true });
});
