import t from 'tap';
import { DEFAULT_CALENDAR } from '../../../src/domain/calendar.ts';
import { readDirectory } from '../../../src/store/directory.ts';
import { sessionOf } from '../../../src/store/session.ts';
import { type Call, type Service, startService } from '../../helpers/service.ts';

const NOON = Date.UTC(2026, 5, 1, 4);

/** A service with short ways to the directory. */
async function directory(t: Parameters<typeof startService>[0]) {
  const service = await startService(t);
  service.setClock(NOON);
  const send =
    (method: string) =>
    (path: string, body: object, version?: number, more: Call = {}) =>
      service.call(method, `/v1/${path}`, {
        body,
        ...more,
        headers: { ...(version === undefined ? {} : { 'if-match': `"${version}"` }), ...more.headers },
      });
  return { ...service, put: send('PUT'), patch: send('PATCH') };
}

/** The version of the directory and everything in it, as flows read it. */
function read({ db }: Pick<Service, 'db'>) {
  return db.transaction().execute((tx) => readDirectory(sessionOf(tx)));
}

t.test('what is left out has its default, and what is set is read back', async (t) => {
  const service = await directory(t);
  const { call, put } = service;
  const region = await put('regions/east', { name: '华东' });
  t.strictSame([region.status, region.headers['etag']], [201, '"1"']);
  const at = new Date(NOON).toISOString();
  const kept = { version: 1, created_at: at, updated_at: at };
  t.strictSame(region.body, { code: 'east', name: '华东', cities: [], external_ref: null, ...kept });
  const store = await put('stores/S1', { name: '南京一店' });
  const standard = { zone: 'Asia/Shanghai', weekly: DEFAULT_CALENDAR.weekly, special: {} };
  t.strictSame(store.body, {
    code: 'S1',
    name: '南京一店',
    region: null,
    cities: [],
    calendar: standard,
    pick: 'round_robin',
    manager: null,
    active: true,
    external_ref: null,
    ...kept,
  });
  const adviser = await put('advisers/A1', { name: '李雷' });
  t.strictSame(adviser.body, {
    code: 'A1',
    name: '李雷',
    stores: [],
    regions: [],
    hq: false,
    skills: [],
    weight: 1,
    open_cap: null,
    daily_cap: null,
    shifts: null,
    leave: [],
    active: true,
    external_ref: null,
    ...kept,
  });
  for (const [path, reply] of [
    ['regions/east', region],
    ['stores/S1', store],
    ['advisers/A1', adviser],
  ] as const) {
    const got = await call('GET', `/v1/${path}`);
    t.strictSame([got.status, got.headers['etag'], got.body], [200, '"1"', reply.body], path);
  }
  t.match((await call('GET', '/v1/stores/S9')).body, { status: 404, code: 'not_found' });
});

t.test('everything that an adviser and a store can have goes in and out, and is what flows read', async (t) => {
  const service = await directory(t);
  const { put } = service;
  await put('regions/east', { name: '华东', cities: ['苏州'] });
  const calendar = {
    zone: 'America/New_York',
    weekly: {
      mon: [
        ['09:00', '12:00'],
        ['13:00', '24:00'],
      ],
      sat: [['20:00', '02:00']],
    },
    special: { '2026-10-01': [], '2026-10-10': [['09:00', '12:00']] },
  };
  const store = {
    name: '南京',
    region: 'east',
    cities: ['南京市'],
    calendar,
    pick: 'weighted',
    active: false,
    external_ref: 'crm-s',
  };
  t.match((await put('stores/S1', store)).body, { ...store, manager: null });
  const shifts = { zone: 'Asia/Shanghai', weekly: { sun: [['10:00', '20:00']] } };
  const adviser = {
    name: '李雷',
    stores: ['S1'],
    regions: ['east'],
    hq: true,
    skills: ['fleet'],
    weight: 100,
    open_cap: 0,
    daily_cap: 7,
    shifts,
    active: false,
    external_ref: 'crm-a',
  };
  const leave = [
    { from: '2026-10-01T00:00:00+08:00', until: '2026-10-08T00:00:00+08:00' },
    { from: '2027-01-01T00:00:00Z' },
  ];
  const answered = [
    { from: '2026-09-30T16:00:00.000Z', until: '2026-10-07T16:00:00.000Z' },
    { from: '2027-01-01T00:00:00.000Z', until: null },
  ];
  t.match((await put('advisers/A1', { ...adviser, leave })).body, { ...adviser, leave: answered });
  const { stores, advisers } = await read(service);
  t.match(stores.get('S1'), { calendar, pick: 'weighted', externalRef: 'crm-s', region: 'east' });
  t.strictSame(advisers.get('A1'), {
    code: 'A1',
    name: '李雷',
    stores: ['S1'],
    regions: ['east'],
    hq: true,
    skills: ['fleet'],
    weight: 100,
    openCap: 0,
    dailyCap: 7,
    shifts,
    leave: answered.map(({ from, until }) => ({
      from: Date.parse(from),
      until: until === null ? null : Date.parse(until),
    })),
    active: false,
    externalRef: 'crm-a',
    version: 1,
  });
});

t.test(
  'a change replaces what it names; every write counts the directory up by one, the same again none',
  async (t) => {
    const service = await directory(t);
    const { call, put, patch, setClock } = service;
    const version = async () => (await read(service)).version;
    const began = await version();
    const whole = { name: '一店', cities: ['南京'], pick: 'least_loaded' };
    await put('stores/S1', whole);
    t.equal(await version(), began + 1);
    const again = await put('stores/S1', whole);
    t.strictSame([again.status, again.body.version, await version()], [200, 1, began + 1], 'the same again');
    t.match((await put('stores/S1', { name: '二店' })).body, { status: 428, code: 'version_required' });
    setClock(NOON + 1000);
    const changed = await patch('stores/S1', { active: false, calendar: { zone: 'UTC', weekly: {} } }, 1);
    t.strictSame([changed.status, changed.headers['etag'], await version()], [200, '"2"', began + 2]);
    t.match(changed.body, { ...whole, active: false, updated_at: new Date(NOON + 1000).toISOString() });
    t.strictSame(changed.body.calendar, { zone: 'UTC', weekly: {}, special: {} }, 'replaced whole');
    t.match((await patch('stores/S1', { name: 'x' }, 1)).body, { status: 412, code: 'version_conflict' });
    t.match((await patch('stores/S1', { name: 'x' })).body, { status: 428, code: 'version_required' });
    t.match((await patch('stores/S9', { name: 'x' }, 1)).body, { status: 412, code: 'version_conflict' });
    const same = await patch('stores/S1', { active: false }, 2);
    t.strictSame([same.status, same.body.version, await version()], [200, 2, began + 2]);
    setClock(NOON + 2000);
    const replaced = await put('stores/S1', { name: '二店' }, 2);
    t.match(replaced.body, { name: '二店', cities: [], pick: 'round_robin', active: true, version: 3 });
    t.equal(await version(), began + 3, 'refused changes counted nothing');
    t.match(
      (await put('stores/S2', { name: '新' }, 1)).body,
      { code: 'version_conflict' },
      'one that is gone, or never was',
    );
    setClock(NOON + 3000);
    const removed = await call('DELETE', '/v1/stores/S1');
    t.strictSame([removed.status, removed.text, await version()], [204, '', began + 4]);
    t.match((await call('DELETE', '/v1/stores/S1')).body, { status: 404, code: 'not_found' });
    const audit = (await call('GET', '/v1/audit?subject=S1')).body.items;
    t.strictSame(
      audit.map((it: { action: string }) => it.action),
      ['store.deleted', 'store.set', 'store.set', 'store.set'],
    );
    t.match(audit[2].detail, { before: { active: true, version: 1 }, after: { active: false, version: 2 } });
    t.notOk('name' in audit[2].detail.after, 'what did not change is not told');
  },
);

t.test('what another entry refers to is not deleted', async (t) => {
  const service = await directory(t);
  const { call, put, patch } = service;
  await put('regions/east', { name: '华东' });
  await put('stores/S1', { name: '一店', region: 'east' });
  await put('advisers/A1', { name: '李雷', stores: ['S1'], regions: ['east'] });
  await patch('stores/S1', { manager: 'A1' }, 1);
  const remove = async (path: string) => (await call('DELETE', `/v1/${path}`)).body;
  t.match(await remove('regions/east'), { status: 409, code: 'in_use', stores: 1, advisers: 1 });
  t.match(await remove('stores/S1'), { status: 409, code: 'in_use', advisers: 1, open_leads: 0 });
  t.match(await remove('advisers/A1'), { status: 409, code: 'in_use', managed_stores: 1, open_leads: 0 });
  const sent = await call('POST', '/v1/leads', {
    body: { channel: 'douyin', person: { phone: '13800138000' }, store: 'S1', owner: 'A1' },
  });
  t.equal(sent.status, 201);
  await patch('stores/S1', { manager: null }, 2);
  t.match(await remove('advisers/A1'), { code: 'in_use', managed_stores: 0, open_leads: 1 });
  await patch('advisers/A1', { stores: [], regions: [] }, 1);
  t.match(await remove('stores/S1'), { code: 'in_use', advisers: 0, open_leads: 1 });
  const close = { state: 'lost', reason: 'bought_competitor' };
  t.equal((await call('POST', `/v1/leads/${sent.body.lead_id}/state`, { body: close })).status, 200);
  t.equal((await call('DELETE', '/v1/advisers/A1', { headers: { 'if-match': '"9"' } })).body.code, 'version_conflict');
  for (const path of ['advisers/A1', 'stores/S1', 'regions/east']) {
    t.equal((await call('DELETE', `/v1/${path}`)).status, 204, path);
  }
  const { regions, stores, advisers } = await read(service);
  t.strictSame([regions.size, stores.size, advisers.size], [0, 0, 0]);
});

t.test('what is wrong is named by its place', async (t) => {
  const service = await directory(t);
  const { put, patch, call } = service;
  const { version } = await read(service);
  const errorsOf = async (path: string, body: object) => {
    const reply = await put(path, body);
    t.equal(reply.status, 422, `${path} ${JSON.stringify(body)}`);
    return (reply.body.errors ?? []).map((it: { path: string; code: string }) => `${it.path} ${it.code}`);
  };
  const name = 'x';
  const weekly = {
    mon: [
      ['09:00', '12:00'],
      ['11:00', '13:00'],
    ],
  };
  for (const [path, body, errors] of [
    ['stores/S1', {}, ['/name required']],
    ['stores/S1', { name, colour: 1 }, ['/colour unknown_field']],
    ['stores/S1', { name, region: 'west' }, ['/region refused']],
    ['stores/S1', { name, manager: 'A1' }, ['/manager refused']],
    ['stores/S1', { name, pick: 'random' }, ['/pick not_listed']],
    ['stores/S1', { name, cities: [' '] }, ['/cities/0 pattern']],
    [
      'stores/S1',
      { name, calendar: { zone: 'Asia/Beijing', weekly } },
      ['/calendar/zone not_listed', '/calendar/weekly/mon/1 overlap'],
    ],
    [
      'stores/S1',
      { name, calendar: { zone: 'UTC', weekly: { mon: [['9:00', '12:00']] } } },
      ['/calendar/weekly/mon/0/0 pattern'],
    ],
    [
      'stores/S1',
      { name, calendar: { zone: 'UTC', weekly: { mon: [['09:00', '24:30']] } } },
      ['/calendar/weekly/mon/0/1 pattern'],
    ],
    [
      'stores/S1',
      { name, calendar: { zone: 'UTC', weekly: { mon: [['09:00']] } } },
      ['/calendar/weekly/mon/0 too_few'],
    ],
    [
      'stores/S1',
      { name, calendar: { zone: 'UTC', weekly: { mon: [['24:00', '02:00']] } } },
      ['/calendar/weekly/mon/0/0 format'],
    ],
    [
      'stores/S1',
      { name, calendar: { zone: 'UTC', weekly: { monday: [] } } },
      ['/calendar/weekly/monday unknown_field'],
    ],
    [
      'stores/S1',
      { name, calendar: { zone: 'UTC', weekly: {}, special: { '2026-02-30': [] } } },
      ['/calendar/special/2026-02-30 format'],
    ],
    ['advisers/A1', { name, stores: ['S1'] }, ['/stores/0 refused']],
    ['advisers/A1', { name, regions: ['west'] }, ['/regions/0 refused']],
    ['advisers/A1', { name, weight: 0 }, ['/weight out_of_range']],
    ['advisers/A1', { name, weight: 101 }, ['/weight out_of_range']],
    ['advisers/A1', { name, weight: 1.5 }, ['/weight type']],
    ['advisers/A1', { name, open_cap: -1 }, ['/open_cap out_of_range']],
    ['advisers/A1', { name, daily_cap: -1 }, ['/daily_cap out_of_range']],
    [
      'advisers/A1',
      { name, shifts: { zone: 'UTC+8', weekly } },
      ['/shifts/zone not_listed', '/shifts/weekly/mon/1 overlap'],
    ],
    ['advisers/A1', { name, leave: [{ from: 'soon' }] }, ['/leave/0/from date_invalid']],
    ['advisers/A1', { name, leave: [{ from: '2026-10-02', until: '2026-10-02' }] }, ['/leave/0/until order']],
    ['regions/r', { name: ' ' }, ['/name pattern']],
    ['regions/r', { name, external_ref: '' }, ['/external_ref too_short']],
    [`regions/${'x'.repeat(65)}`, { name }, ['/code refused']],
    ['regions/%20r', { name }, ['/code refused']],
  ] as const) {
    t.strictSame(await errorsOf(path, body), errors, `${path} ${JSON.stringify(body)}`);
  }
  t.equal((await patch('stores/S1', {}, 1)).body.code, 'body_invalid', 'a change of nothing');
  t.equal((await read(service)).version, version, 'nothing was written');
  t.strictSame((await call('GET', '/v1/stores')).body.items, []);
});

t.test('codes in any script, as long as they may be', async (t) => {
  const { put, call } = await directory(t);
  for (const code of ['南京 1/店', '店'.repeat(64), 'a%2Fb', 'x'.repeat(64)]) {
    const path = `stores/${encodeURIComponent(code)}`;
    t.strictSame([(await put(path, { name: 'x' })).body.code], [code]);
    t.equal((await call('GET', `/v1/${path}`)).body.code, code);
  }
});

t.test('no two have one external_ref', async (t) => {
  const { put, patch, call } = await directory(t);
  for (const list of ['regions', 'stores', 'advisers']) {
    await put(`${list}/one`, { name: 'x', external_ref: 'crm-1' });
    const taken = { status: 409, code: 'external_ref_taken', taken_by: 'one', errors: [{ path: '/external_ref' }] };
    t.match((await put(`${list}/two`, { name: 'x', external_ref: 'crm-1' })).body, taken, list);
    t.equal((await put(`${list}/two`, { name: 'x' })).status, 201);
    t.match((await patch(`${list}/two`, { external_ref: 'crm-1' }, 1)).body, taken);
    t.equal((await patch(`${list}/one`, { external_ref: null }, 1)).status, 200);
    t.equal((await patch(`${list}/two`, { external_ref: 'crm-1' }, 1)).status, 200);
    const found = (await call('GET', `/v1/${list}?external_ref=crm-1`)).body.items;
    t.strictSame(
      found.map((it: { code: string }) => it.code),
      ['two'],
    );
  }
});

t.test('lists are in order of code, filtered, and page by page', async (t) => {
  const { put, call } = await directory(t);
  for (const region of ['east', 'west']) await put(`regions/${region}`, { name: region });
  for (let i = 0; i < 7; i += 1) {
    await put(`stores/S${i}`, { name: 'x', region: i < 3 ? 'east' : 'west', active: i % 2 === 0 });
  }
  for (let i = 0; i < 7; i += 1) {
    await put(`advisers/A${i}`, { name: 'x', stores: i < 2 ? ['S0', 'S1'] : ['S2'], regions: i === 4 ? ['east'] : [] });
  }
  const codes = async (path: string) =>
    (await call('GET', `/v1/${path}`)).body.items.map((it: { code: string }) => it.code).join(' ');
  t.equal(await codes('regions'), 'east west');
  t.equal(await codes('stores?region=east'), 'S0 S1 S2');
  t.equal(await codes('stores?region=west&active=false'), 'S3 S5');
  t.equal(await codes('advisers?store=S1'), 'A0 A1');
  t.equal(await codes('advisers?region=east'), 'A4');
  t.equal(await codes('advisers?active=false'), '');
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page: { items: { code: string }[]; next_cursor: string | null } = (
      await call('GET', `/v1/stores?limit=3${query}`)
    ).body;
    seen.push(page.items.map(({ code }) => code).join(''));
    cursor = page.next_cursor;
  } while (cursor !== null);
  t.strictSame(seen, ['S0S1S2', 'S3S4S5', 'S6']);
  const { next_cursor: first } = (await call('GET', '/v1/stores?limit=3')).body;
  for (const path of [`stores?limit=3&active=true&cursor=${first}`, `advisers?cursor=${first}`, 'stores?cursor=x']) {
    t.equal((await call('GET', `/v1/${path}`)).body.code, 'cursor_invalid', path);
  }
});

t.test('who may read and who may write', async (t) => {
  const { put, patch, call, makeKey } = await directory(t);
  await put('stores/S1', { name: 'x' });
  const reader = (await makeKey({ scopes: ['leads:read'] })).secret;
  const writer = (await makeKey({ scopes: ['leads:write'] })).secret;
  const admin = (await makeKey({ scopes: ['admin'] })).secret;
  for (const path of ['regions', 'stores', 'advisers', 'stores/S1', 'territory?city=x']) {
    t.equal((await call('GET', `/v1/${path}`, { key: reader })).status, 200, path);
    t.equal((await call('GET', `/v1/${path}`, { key: writer })).body.code, 'scope_missing', path);
  }
  const refused = [
    await put('stores/S2', { name: 'x' }, undefined, { key: reader }),
    await patch('stores/S1', { name: 'y' }, 1, { key: reader }),
    await call('DELETE', '/v1/stores/S1', { key: reader }),
  ];
  for (const reply of refused) t.equal(reply.body.code, 'scope_missing');
  t.equal((await put('stores/S2', { name: 'x' }, undefined, { key: admin })).status, 201);
});

t.test('a write under an Idempotency-Key happens once', async (t) => {
  const service = await directory(t);
  const headers = { 'idempotency-key': 'k1' };
  const first = await service.put('advisers/A1', { name: 'x' }, undefined, { headers });
  const { version } = await read(service);
  const again = await service.put('advisers/A1', { name: 'x' }, undefined, { headers });
  t.strictSame([again.status, again.body, again.headers['idempotency-replayed']], [201, first.body, 'true']);
  t.equal((await read(service)).version, version);
});

t.test('races: one store is made once, changed once, and versions have no gap', async (t) => {
  const service = await directory(t);
  const { put, patch, call, db } = service;
  const before = (await read(service)).version;
  const made = await Promise.all([...Array(8).keys()].map((i) => put('stores/S1', { name: `n${i}` })));
  t.strictSame(made.map(({ status }) => status).sort(), [201, 428, 428, 428, 428, 428, 428, 428]);
  const changed = await Promise.all([...Array(8).keys()].map((i) => patch('stores/S1', { name: `m${i}` }, 1)));
  t.strictSame(changed.map(({ status }) => status).sort(), [200, 412, 412, 412, 412, 412, 412, 412]);
  const winner = changed.find(({ status }) => status === 200);
  t.strictSame((await call('GET', '/v1/stores/S1')).body, winner?.body);
  t.equal((await read(service)).version, before + 2);
  const others = await Promise.all(
    [...Array(20).keys()].map((i) => put(`advisers/A${i}`, { name: 'x', external_ref: 'e' })),
  );
  t.equal(others.filter(({ status }) => status === 201).length, 1, 'one external_ref, one adviser');
  t.equal(others.filter(({ status }) => status === 409).length, 19);
  const [store, adviser] = await Promise.all([
    call('DELETE', '/v1/stores/S1'),
    put('advisers/B1', { name: 'x', stores: ['S1'] }),
  ]);
  const stands = await db.selectFrom('store').select('code').execute();
  const names = (await db.selectFrom('adviser').select('stores').where('code', '=', 'B1').execute()).length;
  t.strictSame(
    store.status === 204 ? [422, 0, 0] : [201, 1, 1],
    [adviser.status, stands.length, names],
    'never a name of nothing',
  );
});

t.test('who covers a city', async (t) => {
  const { put, call } = await directory(t);
  await put('regions/east', { name: '华东', cities: ['南京', '苏州市'] });
  await put('stores/S2', { name: 'x', cities: ['南京市'], region: 'east' });
  const ask = async (city: string) => (await call('GET', `/v1/territory?city=${encodeURIComponent(city)}`)).body;
  t.strictSame(await ask('南京'), { city: '南京', falls_to: 'stores', stores: ['S2'], region: 'east' });
  t.strictSame(await ask('苏州'), { city: '苏州', falls_to: 'region', stores: [], region: 'east' });
  t.strictSame(await ask('北京'), { city: '北京', falls_to: 'hq', stores: [], region: null });
  t.equal((await call('GET', '/v1/territory')).body.code, 'query_invalid');
});
