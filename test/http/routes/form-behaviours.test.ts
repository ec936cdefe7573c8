import { request } from 'node:http';
import t, { type Test } from 'tap';
import { MODEL, type Scoring, startScoring } from '../../helpers/scoring.ts';
import type { Reply } from '../../helpers/service.ts';
import { P, P2 } from '../../helpers/working.ts';

const PAGE = 'https://www.example.cn';

interface Landing extends Scoring {
  readonly id: string;
  /** Sends behaviours as a page's script does. */
  readonly tell: (body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Reply>;
  readonly kept: () => Promise<readonly { subject: string; source: string; key: string; type: string }[]>;
}

async function landing(t: Test, form: object = { origins: [PAGE] }): Promise<Landing> {
  const s = await startScoring(t);
  const { id } = await s.post('/v1/sources', { name: '落地页', kind: 'form', settings: { form } });
  return {
    ...s,
    id,
    tell: (body, headers = { origin: PAGE, 'content-type': 'text/plain;charset=UTF-8', 'sec-fetch-mode': 'no-cors' }) =>
      s.call('POST', `/v1/forms/${id}/behaviours`, {
        key: null,
        raw: typeof body === 'string' ? body : JSON.stringify(body),
        headers,
      }),
    kept: () =>
      s.db
        .selectFrom('behaviour')
        .select(['subject', 'source', 'key', 'type'])
        .orderBy('subject')
        .orderBy('key')
        .execute(),
  };
}

const view = (id: string, more: object = {}) => ({ id, type: 'pricing_page', visitor_id: 'v1', ...more });
const viewed = { events: [view('1')] };

t.test('what a visitor did counts in the transaction of the form that says who it is', async (t) => {
  const s = await landing(t);
  await s.activate(MODEL);
  const events = Array.from({ length: 7 }, (_, n) => view(`${n}`, { page: `${PAGE}/pricing?phone=${P}` }));
  t.strictSame((await s.tell({ events })).body, { status: 'received' });
  const fields = { phone: P, visitor_id: ' v1 ' };
  const sent = await s.call('POST', `/v1/forms/${s.id}`, { key: null, body: fields, headers: { origin: PAGE } });
  t.equal(sent.status, 200);
  const lead = await s.db.selectFrom('lead').select('id').executeTakeFirstOrThrow();
  t.strictSame(await s.crossingsOf(lead.id), ['lead.left_nurture', 'lead.qualified'], 'without a sweep');
  t.strictSame(await s.db.selectFrom('score_due').selectAll().where('subject', 'not like', 'visitor:%').execute(), []);
  t.match(await s.scoreOf(lead.id), { implicit: 56, band: 'sql' });
  await s.tell({ events: Array.from({ length: 4 }, (_, n) => view(`later-${n}`)) });
  await s.sweep();
  t.strictSame((await s.crossingsOf(lead.id)).at(-1), 'lead.hot', 'and what it does afterwards');
  const rows = await s.db.selectFrom('behaviour').select(['source', 'page']).execute();
  t.ok(rows.every(({ source }) => source === s.id));
  t.ok(
    rows.every(({ page }) => page === null || page === `${PAGE}/pricing`),
    'a page without its query',
  );
});

t.test('the field visitor_id of a lead, alone and in a batch, names the visitor', async (t) => {
  const s = await landing(t);
  await s.activate(MODEL);
  for (const visitor of ['v1', 'v2']) {
    await s.tell({ events: Array.from({ length: 7 }, (_, n) => view(`${n}`, { visitor_id: visitor })) });
  }
  const alone = await s.capture1(P, { visitor_id: 'v1', extra: { visitor_id: 'v2', a: 1 } });
  t.strictSame(await s.crossingsOf(alone.lead_id), ['lead.left_nurture', 'lead.qualified']);
  const { items } = await s.post('/v1/leads/batch', {
    items: [{ channel: 'search', person: { phone: P2 }, visitor_id: 'v2' }],
  });
  t.strictSame(await s.crossingsOf(items[0].lead_id), ['lead.left_nurture', 'lead.qualified']);
  const links = await s.db.selectFrom('visitor_link').select(['visitor_id', 'value']).orderBy('visitor_id').execute();
  t.strictSame(links, [
    { visitor_id: 'v1', value: '+8613800138000' },
    { visitor_id: 'v2', value: '+8613900139000' },
  ]);
  const row = await s.db
    .selectFrom('submission')
    .select('fields')
    .where('id', '=', alone.submission_id)
    .executeTakeFirst();
  t.match(row?.fields, { extra: { visitor_id: 'v1', a: 1 } }, 'kept beside what has no field');
  const long = await s.call('POST', '/v1/leads', { body: { person: { phone: P }, visitor_id: 'x'.repeat(201) } });
  t.match(long, { status: 422, body: { code: 'body_invalid', errors: [{ path: '/visitor_id' }] } });
});

t.test('one id counts once, under any content type; what names a person is refused', async (t) => {
  const s = await landing(t);
  const types = ['text/plain;charset=UTF-8', 'application/json', 'text/plain', 'application/octet-stream'];
  for (const type of types) t.equal((await s.tell(viewed, { origin: PAGE, 'content-type': type })).status, 200, type);
  t.strictSame(await s.kept(), [{ subject: 'visitor:v1', source: s.id, key: '1', type: 'pricing_page' }]);
  await s.tell({ events: [view('1'), view('2'), view('2', { type: 'download' })] });
  t.strictSame(
    (await s.kept()).map(({ key, type }) => `${key} ${type}`),
    ['1 pricing_page', '2 pricing_page'],
  );
  const { lead_id, customer_id } = await s.capture1(P);
  for (const person of [{ phone: P }, { lead_id }, { customer_id }]) {
    const named = await s.tell({ events: [view('3'), { ...view('4'), ...person }] });
    const path = `/events/1/${Object.keys(person)[0]}`;
    t.match(named, { status: 422, body: { code: 'body_invalid', errors: [{ path }] } }, path);
    const { visitor_id: _visitor, ...rest } = view('4');
    t.equal((await s.tell({ events: [{ ...rest, ...person }] })).status, 422, 'and in place of the visitor');
  }
  const bad = [
    [{ events: [] }, 'body_invalid'],
    [{ events: Array.from({ length: 21 }, (_, n) => view(`${n}`)) }, 'body_invalid'],
    [{ events: [view('5', { type: '页面' })] }, 'body_invalid'],
    [{ events: [view('5', { visitor_id: '' })] }, 'body_invalid'],
    [view('5'), 'body_invalid'],
    ['', 'body_empty'],
    ['events=1', 'body_not_json'],
  ] as const;
  for (const [body, code] of bad) {
    const status = code === 'body_invalid' ? 422 : 400;
    t.match(await s.tell(body), { status, body: { code } }, JSON.stringify(body));
  }
  const date = await s.tell({ events: [view('5'), view('6', { occurred_at: 'soon' })] });
  t.match(date, { status: 422, body: { code: 'date_invalid', errors: [{ path: '/events/1/occurred_at' }] } });
  t.equal((await s.tell('x'.repeat(65_537))).status, 413);
  t.equal((await s.kept()).length, 2, 'none of a bad batch is kept');
});

t.test('pages of the listed origins and our own, and no others; the preflight is of the source', async (t) => {
  const s = await landing(t, {});
  const from = (headers: Readonly<Record<string, string>>) =>
    s.tell(viewed, { 'content-type': 'text/plain', ...headers });
  t.match(await from({ origin: PAGE }), { status: 403, body: { code: 'origin_not_allowed' } });
  t.equal((await from({ origin: s.url })).status, 200);
  const settings = { form: { origins: [PAGE] } };
  await s.call('PATCH', `/v1/sources/${s.id}`, { body: { settings }, headers: { 'if-match': '"1"' } });
  const allowed = await from({ origin: PAGE });
  t.match(allowed, { status: 200, headers: { 'access-control-allow-origin': PAGE } });
  t.equal(allowed.headers['access-control-allow-credentials'], undefined);
  t.equal((await from({ origin: 'https://evil.example' })).status, 403);
  const path = `/v1/forms/${s.id}/behaviours`;
  const preflight = await s.call('OPTIONS', path, { key: null, headers: { origin: PAGE } });
  t.match(preflight, { status: 204, headers: { 'access-control-allow-origin': PAGE } });
  for (const id of ['00000000-0000-7000-8000-000000000000', 'x']) {
    const unknown = await s.call('POST', `/v1/forms/${id}/behaviours`, { key: null, body: viewed });
    t.match(unknown, { status: 404, body: { code: 'not_found' } }, id);
  }
  const { id } = await s.post('/v1/sources', { name: 'crm', kind: 'rest' });
  t.equal((await s.call('POST', `/v1/forms/${id}/behaviours`, { key: null, body: viewed })).status, 404);
});

t.test('so many a minute of one address and of one source; forms have their own count', async (t) => {
  const s = await landing(t, {
    origins: [PAGE],
    behaviours_per_ip_per_minute: 3,
    behaviours_per_minute: 5,
    per_ip_per_minute: 1,
  });
  t.equal((await s.tell({ events: [view('1'), view('2'), view('3')] })).status, 200);
  const more = await s.tell({ events: [view('4')] });
  t.match(more, { status: 429, body: { code: 'rate_limited' }, headers: { 'access-control-allow-origin': PAGE } });
  t.ok(Number(more.headers['retry-after']) <= 60);
  const form = await s.call('POST', `/v1/forms/${s.id}`, { key: null, body: { phone: P }, headers: { origin: PAGE } });
  t.equal(form.status, 200, 'page views take nothing from the forms');
  t.equal(await statusFrom('127.0.0.2', s, [view('5')]), 200, 'another address');
  t.equal(await statusFrom('127.0.0.3', s, [view('6'), view('7')]), 429, 'but not more than the source may');
  s.at('2026-06-01T12:01:00+08:00');
  t.equal((await s.tell({ events: [view('8')] })).status, 200);
  t.equal(
    (await s.tell({ events: Array.from({ length: 4 }, (_, n) => view(`b${n}`)) })).status,
    429,
    'a batch is no way around',
  );
  t.strictSame(
    (await s.kept()).map(({ key }) => key),
    ['1', '2', '3', '5', '8'],
  );
});

t.test('a paused source answers as ever and keeps nothing', async (t) => {
  const s = await landing(t);
  await s.post(`/v1/sources/${s.id}/pause`, {});
  t.match(await s.tell(viewed), { status: 200, body: { status: 'received' } });
  t.strictSame(await s.kept(), []);
});

/** The status of a request that comes from another address of this machine. */
function statusFrom(
  localAddress: string,
  { url, id }: Landing,
  events: readonly object[],
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { origin: PAGE, 'content-type': 'text/plain' };
    const sending = request(`${url}/v1/forms/${id}/behaviours`, { method: 'POST', localAddress, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sending.on('error', reject);
    sending.end(JSON.stringify({ events }));
  });
}
