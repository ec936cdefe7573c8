import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { importFile } from '../../../src/flows/import-file.ts';
import { CHUNK_BYTES } from '../../../src/store/import-chunks.ts';
import { findImport } from '../../../src/store/imports.ts';
import { multipartBody } from '../../helpers/multipart.ts';
import { type Call, type Service, startService } from '../../helpers/service.ts';

const CSV = '姓名,手机号\n张三,13800138000\n李四,13800138001\n';
const csv = (raw: string | Buffer, headers: Call['headers'] = {}): Call => ({
  raw,
  headers: { 'content-type': 'text/csv', ...headers },
});
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

async function nothingKept({ db }: Service): Promise<boolean> {
  const imports = await db.selectFrom('import').select('id').execute();
  const chunks = await db.selectFrom('import_chunk').select('seq').execute();
  return imports.length === 0 && chunks.length === 0;
}

async function bytesOf({ db, vault }: Service, id: string, from: number, to: number): Promise<Buffer> {
  const found = await findImport(db, id);
  if (found === null) throw new Error('no such import');
  const pieces: Uint8Array[] = [];
  for await (const piece of importFile(db, vault, found).read(from, to)) pieces.push(piece);
  return Buffer.concat(pieces);
}

t.test('a file as the whole body: kept sealed, answered 202, with its options', async (t) => {
  const service = await startService(t);
  const { call, db, vault } = service;
  const query =
    'file_name=%E8%BD%A6%E5%B1%95.csv&channel=event&campaign_id=c1&campaign_name=%E5%85%AD%E6%9C%88&store=S1&region=HK&encoding=gbk&delimiter=tab&sheet=2&header_row=3&template=meta&field_map=%7B%22fields%22%3A%7B%7D%7D';
  const made = await call('POST', `/v1/imports?${query}`, csv(CSV));
  t.match(made, {
    status: 202,
    body: {
      state: 'waiting',
      dry_run: false,
      mode: 'live',
      file: { name: '车展.csv', bytes: Buffer.byteLength(CSV), sha256: sha256(CSV) },
      rows: { total: null, done: 0, failed: 0 },
      reading: null,
      fault: null,
      created_by: 'key:admin',
      started_at: null,
    },
  });
  t.strictSame(made.body.options, {
    channel: 'event',
    campaign: { id: 'c1', name: '六月' },
    store: 'S1',
    field_map: { fields: {} },
    template: 'meta',
    region: 'HK',
    encoding: 'gb18030',
    delimiter: '\t',
    sheet: '2',
    header_row: 3,
  });
  t.equal(made.headers['location'], `/v1/imports/${made.body.id}`);
  t.equal(Object.keys(made.body.classes).length, 9, 'every class is named');
  const [chunk] = await db.selectFrom('import_chunk').selectAll().execute();
  t.ok(chunk?.sealed && !chunk.body.includes('13800138000') && vault.open(chunk.body).toString() === CSV);
  t.match((await call('GET', '/v1/audit?action=import.uploaded')).body.items, [
    { subject: { kind: 'import', id: made.body.id }, detail: { sha256: sha256(CSV) } },
  ]);
});

t.test('with nothing sealed at rest, bytes are kept as they are', async (t) => {
  const service = await startService(t, { atRest: 'none' });
  const { body } = await service.call('POST', '/v1/imports', csv(CSV));
  const [chunk] = await service.db.selectFrom('import_chunk').selectAll().execute();
  t.match(chunk, { sealed: false });
  t.equal(chunk?.body.toString(), CSV);
  t.equal((await bytesOf(service, body.id, 0, 1_000)).toString(), CSV);
});

t.test('a file of several chunks is read back from any place', async (t) => {
  const service = await startService(t);
  const bytes = randomBytes(CHUNK_BYTES * 10 + 1234);
  const made = await service.call('POST', '/v1/imports', {
    raw: bytes,
    headers: { 'content-type': 'application/octet-stream' },
  });
  t.match(made, { status: 202, body: { file: { name: null, bytes: bytes.length, sha256: sha256(bytes) } } });
  t.equal((await service.db.selectFrom('import_chunk').select('seq').execute()).length, 11);
  const { id } = made.body;
  for (const [from, to] of [
    [0, bytes.length],
    [0, 0],
    [1, 2],
    [CHUNK_BYTES - 1, CHUNK_BYTES + 1],
    [CHUNK_BYTES, CHUNK_BYTES * 9],
    [bytes.length - 10, bytes.length + 10],
    [bytes.length, bytes.length + 1],
  ] as const) {
    t.ok((await bytesOf(service, id, from, to)).equals(bytes.subarray(from, to)), `${from} to ${to}`);
  }
  await service.db.deleteFrom('import_chunk').where('seq', '=', 9).execute();
  await t.rejects(bytesOf(service, id, 0, bytes.length), /not kept any more/);
});

t.test('multipart: options before the file, behind it, or as JSON', async (t) => {
  const service = await startService(t);
  const { call, db } = service;
  const file = { name: 'file', fileName: 'C:\\报名\\六月.csv', type: 'text/csv', value: CSV };
  const send = async (...parts: Parameters<typeof multipartBody>[0]) =>
    call('POST', '/v1/imports', multipartBody(parts));
  const before = await send({ name: 'channel', value: 'event' }, { name: 'dry_run', value: 'true' }, file);
  t.match(before, {
    status: 202,
    body: { dry_run: true, options: { channel: 'event' }, file: { name: '六月.csv', sha256: sha256(CSV) } },
  });
  const behind = await send(file, { name: 'header_row', value: '2' }, { name: 'dry_run', value: 'true' });
  t.match(behind, { status: 202, body: { dry_run: true, options: { header_row: 2 } } });
  t.match(await findImport(db, behind.body.id), { dryRun: true, options: { header_row: 2 }, state: 'waiting' });
  const options = { channel: 'event', header_row: 4, field_map: { fields: { 'person.phone': { label: '手机' } } } };
  const json = await send(file, { name: 'options', value: JSON.stringify(options) }, { name: 'store', value: '' });
  t.strictSame(json.body.options, options, 'what a form leaves blank is not said');
  const both = await call('POST', '/v1/imports?channel=event', multipartBody([file, { name: 'store', value: 'S1' }]));
  t.strictSame(both.body.options, { channel: 'event', store: 'S1' }, 'the query counts too');

  for (const [name, parts, code, path] of [
    ['no file', [{ name: 'channel', value: 'event' }], 'multipart_invalid', null],
    ['two files', [file, file], 'multipart_invalid', null],
    ['a field twice', [{ name: 'store', value: 'a' }, { name: 'store', value: 'b' }, file], 'multipart_invalid', null],
    [
      'said twice',
      [{ name: 'options', value: '{"store":"a"}' }, { name: 'store', value: 'b' }, file],
      'body_invalid',
      '/store',
    ],
    ['unknown, before', [{ name: 'chanel', value: 'event' }, file], 'body_invalid', '/chanel'],
    ['unknown, behind', [file, { name: 'chanel', value: 'event' }], 'body_invalid', '/chanel'],
    ['no JSON', [file, { name: 'options', value: '{' }], 'body_invalid', '/options'],
    ['a list', [file, { name: 'options', value: '[]' }], 'body_invalid', '/options'],
    ['a long delimiter', [file, { name: 'delimiter', value: ';;' }], 'body_invalid', '/delimiter'],
    ['a template that is none', [file, { name: 'template', value: 'nobody' }], 'body_invalid', '/template'],
    ['a map that is none', [file, { name: 'field_map', value: '{"fields":7}' }], 'body_invalid', '/field_map'],
    ['a source that is none', [file, { name: 'source', value: 'nowhere' }], 'body_invalid', '/source'],
  ] as const) {
    const answer = await send(...parts);
    t.equal(answer.body.code, code, name);
    if (path !== null) t.equal(answer.body.errors[0].path, path, name);
  }
  t.equal((await db.selectFrom('import').select('id').execute()).length, 4, 'of refused ones nothing is kept');
  t.equal((await db.selectFrom('import_chunk').select('seq').execute()).length, 4);
});

t.test('what is refused: nothing of it is kept', async (t) => {
  const service = await startService(t, { limits: { importMaxBytes: 600_000 } });
  const { call } = service;
  for (const [name, path, sent, status, code] of [
    ['an empty file', '', csv(''), 422, 'file_empty'],
    ['too large by its length', '', csv(Buffer.alloc(3_000_000, 'a')), 413, 'file_too_large'],
    ['too large by a byte', '', csv(Buffer.alloc(600_001, 'a')), 413, 'file_too_large'],
    ['JSON', '', { body: {} }, 415, 'media_type_unsupported'],
    ['compressed', '', csv('x', { 'content-encoding': 'gzip' }), 415, 'encoding_unsupported'],
    ['multipart without boundary', '', csv('x', { 'content-type': 'multipart/form-data' }), 400, 'multipart_invalid'],
    [
      'multipart that breaks off',
      '',
      csv('--x\r\n', { 'content-type': 'multipart/form-data; boundary=x' }),
      400,
      'multipart_invalid',
    ],
    ['an unknown option', '?chanel=x', csv(CSV), 400, 'query_invalid'],
    ['a header row that is none', '?header_row=0', csv(CSV), 400, 'query_invalid'],
    ['an encoding that is none', '?encoding=klingon', csv(CSV), 400, 'query_invalid'],
    ['a template that is none', '?template=nobody', csv(CSV), 422, 'body_invalid'],
  ] as const) {
    t.match(await call('POST', `/v1/imports${path}`, sent), { status, body: { code } }, name);
  }
  const { headers, raw } = multipartBody([
    { name: 'file', fileName: 'a.csv', type: 'text/csv', value: 'a'.repeat(600_001) },
  ]);
  t.match(await call('POST', '/v1/imports', { headers, raw }), { status: 413, body: { code: 'file_too_large' } });
  t.ok(await nothingKept(service));
  t.equal(
    (await call('POST', '/v1/imports', csv(Buffer.alloc(600_000, 'a')))).status,
    202,
    'the limit itself is taken',
  );
});

t.test('a refused file is read to its end, so that its sender hears why and can go on', async (t) => {
  const { url, adminKey } = await startService(t, { limits: { importMaxBytes: 600_000 } });
  const { hostname, port } = new URL(url);
  const auth = `Host: x\r\nAuthorization: Bearer ${adminKey}\r\n`;
  for (const [type, head] of [
    ['text/csv', ''],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'],
  ]) {
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const answered = once(socket, 'data');
    socket.write(`POST /v1/imports HTTP/1.1\r\n${auth}Content-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    if (head !== '') socket.write(`${(head ?? '').length.toString(16)}\r\n${head}\r\n`);
    for (let i = 0; i < 50; i++) socket.write(`${(65_536).toString(16)}\r\n${'a'.repeat(65_536)}\r\n`);
    t.match(String((await answered)[0]), /^HTTP\/1\.1 413 /, `${type}: answered while it is still sent`);
    const next = once(socket, 'data');
    socket.write(`0\r\n\r\nGET /v1/imports HTTP/1.1\r\n${auth}\r\n`);
    t.match(String((await next)[0]), /^HTTP\/1\.1 200 /, 'the connection goes on');
    socket.destroy();
  }
});

t.test('a sender that goes in the middle leaves nothing behind', async (t) => {
  const service = await startService(t);
  const { url, adminKey, db } = service;
  const { hostname, port } = new URL(url);
  for (const [type, head] of [
    ['text/csv', ''],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'],
  ]) {
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(
      `POST /v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${adminKey}\r\nContent-Type: ${type}\r\nContent-Length: 4000000\r\n\r\n${head}`,
    );
    socket.write(Buffer.alloc(1_000_000, 'a'));
    for (let seen = 0; seen < 3; ) seen = (await db.selectFrom('import_chunk').select('seq').execute()).length;
    t.match(await db.selectFrom('import').select('state').execute(), [{ state: 'uploading' }], 'it is there at once');
    socket.destroy();
    while (!(await nothingKept(service))) await new Promise(setImmediate);
    t.pass(`${type}: all of it is gone`);
  }
});

t.test('one that is cancelled while it is uploaded', async (t) => {
  const service = await startService(t);
  const { url, adminKey, db, call } = service;
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(
    `POST /v1/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${adminKey}\r\nContent-Type: text/csv\r\nContent-Length: 2000000\r\n\r\n`,
  );
  socket.write(Buffer.alloc(300_000, 'a'));
  let id: string | undefined;
  while (id === undefined) id = (await db.selectFrom('import_chunk').select('import_id').executeTakeFirst())?.import_id;
  t.match(await call('POST', `/v1/imports/${id}/cancel`), { status: 200, body: { state: 'cancelled' } });
  socket.write(Buffer.alloc(1_700_000, 'a'));
  const [answer] = await once(socket, 'data');
  t.match(String(answer), /409[\s\S]*state_conflict/);
  socket.destroy();
  t.match((await call('GET', `/v1/imports/${id}`)).body, { state: 'cancelled' });
  t.strictSame(await db.selectFrom('import_chunk').select('seq').execute(), []);
});

t.test('under one Idempotency-Key: the same import, or a conflict', async (t) => {
  const service = await startService(t);
  const { call, db } = service;
  const headers = { 'idempotency-key': 'file-1' };
  const first = await call('POST', '/v1/imports?channel=event', csv(CSV, headers));
  const again = await call('POST', '/v1/imports?channel=event', csv(CSV, headers));
  t.equal(again.status, 202);
  t.equal(again.body.id, first.body.id);
  t.equal(again.headers['location'], first.headers['location']);
  t.equal(again.headers['idempotency-replayed'], 'true');
  const conflict = { status: 422, body: { code: 'idempotency_conflict' } };
  t.match(await call('POST', '/v1/imports?channel=event', csv(`${CSV}\n`, headers)), conflict, 'another file');
  t.match(await call('POST', '/v1/imports?channel=shop', csv(CSV, headers)), conflict, 'other options');
  t.equal((await db.selectFrom('import').select('id').execute()).length, 1);
  t.equal((await db.selectFrom('import_chunk').select('seq').execute()).length, 1, 'the other bytes are gone');
  const parts = (channel: string) => {
    const { raw, headers: type } = multipartBody([
      { name: 'file', fileName: 'a.csv', type: 'text/csv', value: CSV },
      { name: 'channel', value: channel },
    ]);
    return { raw, headers: { ...type, 'idempotency-key': 'file-2' } };
  };
  const form = await call('POST', '/v1/imports', parts('event'));
  t.equal((await call('POST', '/v1/imports', parts('event'))).body.id, form.body.id);
  t.match(await call('POST', '/v1/imports', parts('shop')), conflict);
});

t.test('what a key may: its source, its stores, its mode', async (t) => {
  const service = await startService(t);
  const { call, makeKey } = service;
  const own = await makeKey({ scopes: ['leads:write'], stores: ['S1'] });
  const ops = await makeKey({ scopes: ['leads:write', 'ops'] });
  const post = (query: string, key: string) => call('POST', `/v1/imports?${query}`, { ...csv(CSV), key });
  const refused = { status: 403, body: { code: 'scope_missing' } };
  t.match(await post('', own.secret), { status: 202, body: { source_id: own.sourceId } });
  t.match(await post(`source=${own.sourceId}`, own.secret), { status: 202 }, 'its own by name is its own');
  t.match(await post(`source=${ops.sourceId}`, own.secret), refused);
  t.match(await post('source=nowhere', own.secret), refused, 'whether there is one is not said');
  t.match(await post('store=S1', own.secret), { status: 202 });
  t.match(await post('store=S2', own.secret), refused);
  t.match(await post('mode=history', own.secret), refused);
  t.match(await post(`store=S2&mode=history&source=${own.sourceId}`, ops.secret), {
    status: 202,
    body: { source_id: own.sourceId, mode: 'history' },
  });
  const { secret: reader } = await makeKey({ scopes: ['leads:read'] });
  t.match(await post('', reader), refused);
  await call('POST', `/v1/sources/${own.sourceId}/pause`);
  t.match(await post('', own.secret), { status: 403, body: { code: 'source_paused' } });
  t.match(await post(`source=${own.sourceId}`, ops.secret), { status: 403, body: { code: 'source_paused' } });

  const [mine] = (await call('GET', '/v1/imports', { key: own.secret })).body.items;
  t.equal((await call('GET', '/v1/imports', { key: own.secret })).body.items.length, 4, 'also what others made for it');
  t.equal((await call('GET', '/v1/imports', { key: ops.secret })).body.items.length, 4);
  const other = await makeKey({ scopes: ['leads:write'] });
  t.strictSame((await call('GET', '/v1/imports', { key: other.secret })).body.items, []);
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/rows'],
    ['GET', '/errors.csv'],
    ['GET', '/progress'],
    ['POST', '/cancel'],
    ['POST', '/run'],
  ] as const) {
    t.match(
      await call(method, `/v1/imports/${mine.id}${path}`, { key: other.secret }),
      { status: 404 },
      `${method} ${path}`,
    );
    t.match(await call(method, `/v1/imports/${mine.id}${path}`, { key: reader }), refused);
  }
});
