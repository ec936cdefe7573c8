import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { type Call, type Reply, type Service, type ServiceOptions, startService } from '../../helpers/service.ts';

const FORM = 'application/x-www-form-urlencoded';
const NOON = Date.UTC(2026, 5, 1, 4);

interface Landing extends Service {
  readonly id: string;
  readonly path: string;
  /** Sends fields as a script does. */
  readonly script: (fields: object, headers?: Readonly<Record<string, string>>) => Promise<Reply>;
  /** Sends fields as a browser sends a plain form. */
  readonly plain: (
    fields: string | Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Reply>;
}

async function landing(t: Test, form: object = {}, options: ServiceOptions = {}, more: object = {}): Promise<Landing> {
  const service = await startService(t, options);
  const made = await service.call('POST', '/v1/sources', {
    body: { name: '落地页', kind: 'form', settings: { form }, ...more },
  });
  t.equal(made.status, 201, made.text);
  const path = `/v1/forms/${made.body.id}`;
  t.match(made.body, { address: path, secret: null }, 'the address is told, and no secret made');
  const post = (call: Call) => service.call('POST', path, { key: null, ...call });
  return {
    ...service,
    id: made.body.id,
    path,
    script: (body, headers = {}) => post({ body, headers }),
    plain: (fields, headers = {}) =>
      post({
        raw: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
        headers: { 'content-type': FORM, accept: 'text/html,application/xhtml+xml', ...headers },
      }),
  };
}

const PERSON = { name: '张三', phone: '13800138001' };

async function submissions({ db }: Service) {
  return db.selectFrom('submission').selectAll().orderBy('received_at').orderBy('id').execute();
}

async function decisions(service: Service): Promise<readonly string[]> {
  return (await submissions(service)).map(({ decision }) => decision);
}

t.test('a plain form becomes a lead: names, click id, consent and page of the visitor', async (t) => {
  const service = await landing(t);
  const reply = await service.plain(
    {
      'person[name]': '张三',
      'person.phone': '138 0013 8001',
      utm_source: 'baidu',
      bd_vid: '8876',
      意向车型: '揽月 400T',
      consent: 'on',
      consent_ad_feedback: '1',
      consent_analytics: '0',
      consent_version: 'v3',
      visitor_id: 'v-1',
      website: '',
      redirect: '',
      日期: '2026-12-24',
    },
    { referer: 'https://www.example.cn/spring?x=1' },
  );
  t.equal(reply.status, 200);
  t.match(reply.headers['content-type'], 'text/html');
  t.match(reply.text, '提交成功');
  t.match(reply.headers['content-security-policy'], /^default-src 'none'; style-src 'sha256-/);
  const [row, ...others] = await submissions(service);
  t.equal(others.length, 0);
  t.match(row, { decision: 'created', source_id: service.id, phone: '+8613800138001' });
  t.match(row?.fields, {
    intent: { kind: 'form' },
    person: { name: '张三' },
    product: { model: '揽月 400T' },
    traffic: {
      utm_source: 'baidu',
      click_id: '8876',
      click_id_kind: 'bd_vid',
      landing_page: 'https://www.example.cn/spring?x=1',
    },
    extra: { visitor_id: 'v-1', consent_analytics: '0', 日期: '2026-12-24' },
  });
  t.notMatch(JSON.stringify(row?.fields), /consent_version|website|redirect|"consent"/);
  t.equal(Number(row?.occurred_at), Number(row?.received_at), 'a date on the form is not the moment of the form');
  const consents = await service.db.selectFrom('consent').selectAll().orderBy('purpose').execute();
  t.match(
    consents.map(({ purpose, granted, text_version, proof }) => ({ purpose, granted, text_version, proof })),
    ['ad_feedback', 'contact'].map((purpose) => ({
      purpose,
      granted: true,
      text_version: 'v3',
      proof: 'https://www.example.cn/spring?x=1',
    })),
  );
  t.match(service.pushes, [{ kind: 'form', as: 'accepted', code: null, decisions: { created: 1 } }]);
});

t.test('JSON, multipart and the query are read; a file is its name', async (t) => {
  const service = await landing(t);
  const reply = await service.script({
    person: { name: '李四', phone: 13800138002 },
    traffic: { gclid: 'g-1' },
    gclid: 'g-2',
  });
  t.equal(reply.status, 200);
  t.strictSame(reply.body, { status: 'received' }, 'nothing of what was decided');
  const form = new FormData();
  form.set('姓名', '王五');
  form.set('手机号', '13800138003');
  form.set('photo', new Blob([Buffer.alloc(2000, 1)], { type: 'image/png' }), '我的车.png');
  const answer = await fetch(`${service.url}${service.path}?utm_source=wechat&utm_medium=cpc&姓名=别人`, {
    method: 'POST',
    body: form,
    headers: { accept: 'application/json' },
  });
  t.strictSame([answer.status, await answer.json()], [200, { status: 'received' }]);
  const rows = await submissions(service);
  t.match(rows, [
    { decision: 'created', fields: { person: { name: '李四' }, traffic: { click_id: 'g-2', click_id_kind: 'gclid' } } },
    {
      decision: 'created',
      fields: {
        person: { name: '王五' },
        traffic: { utm_source: 'wechat', utm_medium: 'cpc' },
        extra: { photo: '我的车.png' },
      },
    },
  ]);
});

t.test(
  'a double click is noise, the same words a month later are a touch, one submission_id is one lead',
  async (t) => {
    const service = await landing(t);
    service.setClock(NOON);
    await service.plain(PERSON);
    service.setClock(NOON + 400);
    await service.plain(PERSON);
    service.setClock(NOON + 30 * 86_400_000 - 60_000);
    await service.plain(PERSON);
    t.strictSame(await decisions(service), ['created', 'noise', 'merged']);
    const once = { ...PERSON, phone: '13800138009', submission_id: 's-1' };
    for (const later of [0, 700]) {
      service.setClock(NOON + later);
      t.strictSame((await service.script(once)).body, { status: 'received' });
    }
    t.equal((await submissions(service)).length, 4, 'the second is a replay');
    t.equal((await service.script({ ...once, name: '别人' })).status, 200);
    t.match(service.pushes.at(-1), { decisions: { quarantined: 1 } }, 'other content under the same id is kept aside');
  },
);

t.test('what only the service says is refused with its place, and nothing is kept', async (t) => {
  const service = await landing(t);
  const names =
    'owner state score rating created_at received_at occurred_at id customer_id lead_id store mode test'.split(' ');
  for (const name of names) {
    const reply = await service.script({ ...PERSON, [name]: 'x' });
    t.match(reply, { status: 422, body: { code: 'field_not_allowed', errors: [{ path: `/${name}` }] } }, name);
    t.ok(reply.body.errors[0].hint.length > 20);
  }
  t.match((await service.script({ lead: { ...PERSON, owner: 'A1' } })).body.errors, [{ path: '/lead/owner' }]);
  t.match((await service.plain({ ...PERSON, 'lead[store]': 'S1' })).status, 422);
  t.match((await service.plain({ ...PERSON, Owner: 'A1' })).text, '这个页面设置有误');
  t.strictSame(await decisions(service), []);
  t.equal((await service.script({ ...PERSON, 'product.id': '1', province: '浙江' })).status, 200);
});

t.test('a phone that is none is told, to a script and to a person, and kept in quarantine', async (t) => {
  const service = await landing(t);
  const reply = await service.script({ name: '张三', 您的手机号: '1380013800' });
  t.match(reply, {
    status: 422,
    body: { code: 'phone_invalid', errors: [{ path: '/您的手机号', code: 'phone_invalid' }] },
  });
  t.match(reply.body.errors[0].hint, /\w/);
  t.notMatch(reply.text, '1380013800', 'without the number');
  t.match((await service.script({ name: '张三' })).body, { code: 'phone_empty', errors: [{ path: '/phone' }] });
  t.match((await service.script({ phone: '138****8000' })).body, { code: 'phone_masked' });
  const page = await service.plain({ phone: '12345' }, { referer: 'https://www.example.cn/?a="><b>' });
  t.equal(page.status, 422);
  t.match(page.text, '请检查手机号');
  t.match(page.text, 'href="https://www.example.cn/?a=&quot;&gt;&lt;b&gt;"');
  t.notMatch((await service.plain({ phone: '12345' }, { referer: 'javascript:alert(1)' })).text, 'javascript:');
  t.strictSame(await decisions(service), Array(5).fill('quarantined'));
  t.match(service.pushes[0], { as: 'accepted', code: 'phone_invalid' });
  t.equal((await service.script({ name: '张三', wechat: 'zhangsan_88' })).status, 200, 'WeChat names somebody too');
});

t.test('what is suspected of a bot is answered as success, exactly alike, and kept in quarantine', async (t) => {
  const service = await landing(t, { per_phone_per_day: 2, honeypot: 'fax', min_fill_seconds: 3 });
  service.setClock(NOON);
  const good = await service.script(PERSON);
  const goodPage = await service.plain({ ...PERSON, phone: '13800138002' });
  const suspected = [
    { ...PERSON, fax: 'buy now' },
    { ...PERSON, phone: '1', fax: ['a'] },
    { ...PERSON, form_started_at: NOON - 2000 },
    { ...PERSON, form_started_at: new Date(NOON - 2999).toISOString() },
    { ...PERSON, form_started_at: String(NOON + 60_000), form_sent_at: String(NOON + 61_000) },
  ];
  const bare = ({ status, headers, text }: Reply) => {
    const { date: _date, 'x-request-id': _id, ...rest } = headers;
    return { status, headers: rest, text };
  };
  for (const fields of suspected) {
    const before = (await submissions(service)).length;
    t.strictSame(bare(await service.script(fields)), bare(good), JSON.stringify(fields));
    t.equal((await submissions(service)).length, before + 1, 'it is kept');
  }
  t.strictSame(bare(await service.plain({ ...PERSON, fax: 'x' })), bare(goodPage));
  const rules = (await submissions(service)).map(({ rule }) => rule);
  t.strictSame(rules.filter((rule) => rule === 'quarantined.suspected_bot').length, 6);
  // A clock of the visitor that is wrong, no clock at all, and enough time.
  const fine = [{ form_started_at: NOON + 5000 }, { form_started_at: 'soon' }, { form_started_at: NOON - 3000 }];
  for (const [at, more] of fine.entries()) {
    service.setClock(NOON + 10 + at);
    await service.script({ phone: `1390013900${at}`, name: `客户${at}`, ...more });
  }
  t.strictSame((await decisions(service)).slice(-3), ['created', 'created', 'created']);
  // One has come already: the second of the day is let in, the third is not, the next day it is.
  service.setClock(NOON + 20);
  await service.script({ ...PERSON, name: '张三丰' });
  service.setClock(NOON + 21);
  t.strictSame(bare(await service.script({ ...PERSON, name: '张四' })), bare(good));
  service.setClock(NOON + 86_400_022);
  await service.script({ ...PERSON, name: '张五' });
  t.strictSame(
    (await submissions(service)).slice(-3).map(({ rule }) => rule === 'quarantined.suspected_bot'),
    [false, true, false],
  );
  t.ok(service.pushes.filter(({ code }) => code === 'suspected_bot').length === 7);
});

t.test(
  'pages of other origins: only those that are listed, plain forms where nothing is listed, no origin always',
  async (t) => {
    const service = await landing(t, {}, { limits: { corsOrigins: ['https://admin.example.cn'] } });
    const page = 'https://www.example.cn';
    const refused = await service.script(PERSON, { origin: page });
    t.match(refused, { status: 403, body: { code: 'origin_not_allowed' } });
    t.equal(refused.headers['access-control-allow-origin'], undefined);
    const admin = await service.script(PERSON, { origin: 'https://admin.example.cn' });
    t.equal(admin.status, 403, "the process's list is another");
    t.equal(admin.headers['access-control-allow-origin'], undefined);
    t.equal((await service.plain(PERSON, { origin: page })).status, 200);
    t.equal((await service.plain(PERSON, { origin: page, 'sec-fetch-mode': 'no-cors' })).status, 403);
    t.equal((await service.script(PERSON, { origin: service.url })).status, 200, 'our own pages');
    t.equal((await service.script(PERSON)).status, 200);

    await settle(service, { origins: [page] });
    const allowed = await service.script(PERSON, { origin: page });
    t.equal(allowed.status, 200);
    t.match(allowed.headers, { 'access-control-allow-origin': page, vary: /Origin/ });
    t.equal(allowed.headers['access-control-allow-credentials'], undefined);
    t.equal((await service.plain(PERSON, { origin: page })).status, 200);
    for (const origin of ['https://evil.example', 'null', `${page}.evil.example`, 'http://www.example.cn']) {
      const other = await service.plain(PERSON, { origin });
      t.equal(other.status, 403, origin);
      t.match(other.text, '没有登记');
      t.equal((await service.script(PERSON, { origin })).status, 403, origin);
    }
    t.equal((await service.plain(PERSON)).status, 200);
    const wrong = await service.script({ phone: '1' }, { origin: page });
    t.match(
      [wrong.status, wrong.headers['access-control-allow-origin']],
      [422, page],
      'the page can read what is wrong',
    );

    await settle(service, { origins: ['*'] });
    t.equal(
      (await service.script(PERSON, { origin: 'https://any.example' })).headers['access-control-allow-origin'],
      '*',
    );
  },
);

t.test('a preflight is answered by the list of the source, whatever the process allows', async (t) => {
  const service = await landing(t, { origins: ['https://www.example.cn'] }, { limits: { corsOrigins: ['*'] } });
  const ask = (origin: string, path = service.path) =>
    service.call('OPTIONS', path, {
      key: null,
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
  const good = await ask('https://www.example.cn');
  t.match(good, { status: 204, text: '' });
  t.match(good.headers, {
    'access-control-allow-origin': 'https://www.example.cn',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': /content-type/,
    'access-control-max-age': '600',
  });
  t.equal(good.headers['access-control-allow-credentials'], undefined);
  t.equal((await ask('https://evil.example')).headers['access-control-allow-origin'], undefined);
  t.equal((await ask('https://www.example.cn', '/v1/forms/00000000-0000-7000-8000-000000000000')).status, 404);
  t.equal((await service.call('GET', service.path, { key: null })).status, 405);
});

t.test('a redirect leads only where the source says, and never breaks the answer', async (t) => {
  const service = await landing(t, { redirects: ['https://www.example.cn/thanks', 'http://old.example.cn/'] });
  const to = async (fields: Readonly<Record<string, string>>) => {
    const { status, headers } = await service.plain({ ...PERSON, ...fields });
    return [status, headers['location']];
  };
  t.strictSame(await to({ redirect: 'https://www.example.cn/thanks?x=1' }), [303, 'https://www.example.cn/thanks?x=1']);
  t.strictSame(await to({ _next: 'http://old.example.cn/a' }), [303, 'http://old.example.cn/a']);
  for (const redirect of [
    'https://evil.example/thanks',
    'https://www.example.cn.evil.example/thanks',
    'https://www.example.cn@evil.example/thanks',
    'https://www.example.cn/other',
    'https://www.example.cn/thanks/../other',
    '//www.example.cn/thanks',
    '/thanks',
    'javascript:alert(1)',
    'https://old.example.cn/',
    'x\r\nset-cookie: a=b',
  ]) {
    t.strictSame(await to({ redirect }), [200, undefined], redirect);
  }
  const [, location] = await to({ redirect: 'https://www.example.cn/thanks\r\nset-cookie: a=b' });
  t.notMatch(String(location), /[\r\n ]/);
  t.strictSame(
    (await service.script({ ...PERSON, redirect: 'https://www.example.cn/thanks' })).status,
    200,
    'a script goes by itself',
  );
});

t.test('thanks and names of fields are text on a page, whatever stands in them', async (t) => {
  const service = await landing(t, { thanks: '谢谢 <script>alert("1")</script> & \'再见\'' });
  const { text } = await service.plain({ name: '<img src=x onerror=alert(1)>', phone: '13800138001' });
  t.match(text, '谢谢 &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;再见&#39;');
  t.notMatch(text, /<script|<img/);
  t.match(await submissions(service), [{ fields: { person: { name: '<img src=x onerror=alert(1)>' } } }]);
});

t.test('hostile forms: many fields, keys of prototypes, lists, nothing, too much', async (t) => {
  const service = await landing(t);
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, `v${i}`]));
  const began = performance.now();
  t.equal((await service.plain({ ...PERSON, ...many })).status, 200);
  t.ok(performance.now() - began < 15_000, `${Math.round(performance.now() - began)} ms`);
  const hostile =
    '__proto__[owner]=x&constructor[prototype][a]=1&__proto__=y&toString=z&[]=1&person[]=2&a[b=c&%00=d&phone=13800138004';
  t.equal((await service.plain(hostile)).status, 200);
  t.equal((Object.prototype as { owner?: unknown }).owner, undefined);
  t.equal((await service.script(JSON.parse('{"__proto__":{"phone":"1"},"phone":"13800138005"}'))).status, 200);
  for (const body of ['[]', '[{"phone":"13800138001"}]', '"text"', '1', '{', 'null']) {
    const reply = await service.call('POST', service.path, { key: null, raw: body });
    t.match(reply, { status: 422, body: { code: 'unparsable' } }, body);
  }
  t.match((await service.plain('')).text, '没有收到内容');
  t.equal((await service.plain('website=&redirect=&form_started_at=1')).status, 422);
  t.equal((await service.plain('phone=%FF%FE')).status, 422);
  const big = await service.plain(`phone=13800138001&a=${'x'.repeat(1 << 20)}`);
  t.match([big.status, big.text], [413, /内容太多/]);
  const rows = await submissions(service);
  t.strictSame(
    rows.slice(0, 3).map(({ decision }) => decision),
    ['created', 'created', 'created'],
  );
  t.ok(rows.slice(3).every(({ decision }) => decision === 'quarantined'));
  t.equal(rows.length > 8, true, 'what could not be read is kept too');
});

t.test('addresses that are none, and other kinds of sources, answer 404', async (t) => {
  const service = await landing(t);
  const rest = (await service.call('POST', '/v1/sources', { body: { name: 'crm', kind: 'rest' } })).body;
  const meta = (await service.call('POST', '/v1/sources', { body: { name: 'g', kind: 'generic' } })).body;
  for (const id of [rest.id, meta.id, 'x', '00000000-0000-7000-8000-000000000000', '%00', "'--"]) {
    const reply = await service.call('POST', `/v1/forms/${id}`, { key: null, body: PERSON });
    t.match(reply, { status: 404, body: { code: 'not_found' } }, id);
  }
  const rotated = await service.call('POST', `/v1/sources/${service.id}/rotate-address`, { body: {} });
  t.equal(rotated.status, 422, 'a form has no secret address');
  t.equal((await service.plain(PERSON)).status, 200);
});

t.test('so many a minute from one address, told to scripts and to people', async (t) => {
  const service = await landing(t, { per_ip_per_minute: 2, origins: ['https://www.example.cn'] });
  service.setClock(NOON);
  for (const phone of ['13800138001', '13800138002']) t.equal((await service.plain({ phone })).status, 200);
  const page = await service.plain({ phone: '13800138003' });
  t.match([page.status, page.text, Number(page.headers['retry-after']) <= 60], [429, /提交太频繁/, true]);
  const script = await service.script({ phone: '13800138003' }, { origin: 'https://www.example.cn' });
  t.match(script, { status: 429, body: { code: 'rate_limited' } });
  t.equal(script.headers['access-control-allow-origin'], 'https://www.example.cn', 'the page can read it');
  service.setClock(NOON + 60_000);
  t.equal((await service.plain({ phone: '13800138003' })).status, 200);
});

t.test('a paused source answers as ever and keeps all in quarantine', async (t) => {
  const service = await landing(t);
  await service.call('POST', `/v1/sources/${service.id}/pause`);
  t.strictSame((await service.script(PERSON)).body, { status: 'received' });
  t.match((await service.plain({ phone: '1' })).status, 200);
  t.match(await submissions(service), [
    { decision: 'quarantined', rule: 'quarantined.source_paused' },
    { decision: 'quarantined', rule: 'quarantined.source_paused' },
  ]);
});

t.test('a source has a field map of its own, which goes before what pages may say', async (t) => {
  const field_map = { fields: { 'person.phone': { label: '怎么找到您' }, test: { constant: true } } };
  const service = await landing(t, {}, {}, { settings: { field_map } });
  t.equal((await service.plain({ 怎么找到您: '13800138001' })).status, 200);
  t.match(await submissions(service), [{ decision: 'test' }]);
});

t.test('a database that is away: the form is spooled, thanked for, and taken in later', async (t) => {
  const { takeSpooled } = await import('../../../src/flows/take-spooled.ts');
  let away = false;
  const service = await landing(
    t,
    {},
    {
      wrapLane: (lane) => ({
        ...lane,
        connection: () =>
          away ? Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' })) : lane.connection(),
      }),
    },
  );
  t.equal((await service.plain(PERSON)).status, 200);
  away = true;
  t.equal((await service.plain({ ...PERSON, name: '别人', website: 'x' })).status, 200);
  t.equal(service.inbound.spool.state().entries, 1);
  away = false;
  await takeSpooled(service.inbound);
  t.strictSame(
    (await submissions(service)).map(({ rule }) => rule === 'quarantined.suspected_bot'),
    [false, true],
  );
});

/** A captcha service that answers as it is told. */
async function captchaService(t: Test) {
  const asked: string[] = [];
  let answer: { readonly status: number; readonly body: string; readonly afterMs?: number } = {
    status: 200,
    body: '{"success":true}',
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push(body);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/siteverify`,
    asked,
    answers: (status: number, body: string) => {
      answer = { status, body };
    },
  };
}

t.test('a captcha is checked with its service; one that cannot say lets the lead in, marked', async (t) => {
  const captcha = await captchaService(t);
  const form = { captcha: { verify_url: captcha.url, field: 'cf-turnstile-response' } };
  const service = await landing(t, form, {}, { credentials: { captcha_secret: 's3cret' } });
  const send = async (phone: string, token?: string) => {
    const reply = await service.script(
      { phone, ...(token === undefined ? {} : { 'cf-turnstile-response': token }) },
      { 'x-clew-captcha': 'unverified' },
    );
    t.strictSame([reply.status, reply.body], [200, { status: 'received' }]);
    const [row] = (await submissions(service)).slice(-1);
    t.notMatch(JSON.stringify(row?.fields ?? {}), 'turnstile');
    return [row?.decision, (row?.fields as { extra?: { captcha?: string } } | null)?.extra?.captcha];
  };
  t.strictSame(await send('13800138001', 'token'), ['created', undefined]);
  t.strictSame(Object.fromEntries(new URLSearchParams(captcha.asked[0])), {
    secret: 's3cret',
    response: 'token',
    remoteip: '127.0.0.1',
  });
  t.strictSame((await send('13800138002'))[0], 'quarantined');
  t.equal(captcha.asked.length, 1, 'without an answer nobody is asked');
  captcha.answers(200, '{"success":false,"error-codes":["invalid-input-response"]}');
  t.strictSame((await send('13800138003', 'forged'))[0], 'quarantined');
  for (const [status, body] of [
    [200, '{"success":false,"error-codes":["invalid-input-secret"]}'],
    [500, '{"success":true}'],
    [200, 'ok'],
    [200, 'null'],
    [302, ''],
  ] as const) {
    captcha.answers(status, body);
    t.strictSame(await send(`1370013700${captcha.asked.length}`, 'token'), ['created', 'unverified'], body);
  }
  t.match(
    service.logs().filter(({ msg }) => msg === 'inbound.failed'),
    [{ what: 'captcha' }],
  );
  t.notMatch(JSON.stringify(service.logs()), 's3cret');
});

async function settle(service: Landing, form: object): Promise<void> {
  const { body } = await service.call('GET', `/v1/sources/${service.id}`);
  const changed = await service.call('PATCH', `/v1/sources/${service.id}`, {
    body: { settings: { form } },
    headers: { 'if-match': `"${body.version}"` },
  });
  if (changed.status !== 200) throw new Error(changed.text);
}
