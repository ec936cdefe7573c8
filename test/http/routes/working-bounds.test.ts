import t, { type Test } from 'tap';
import { staffed } from '../../helpers/staffed-stores.ts';
import { startWorking, type Working } from '../../helpers/working.ts';

const june = (date: number, time: string) => `2026-06-${String(date).padStart(2, '0')}T${time}+08:00`;
const CALL = { method: 'phone', content: '客户周五到店', outcome: 'answered' };
const NEXT = { ...CALL, next_at: june(5, '10:00:00') };
const SCOPES = ['leads:read', 'leads:write', 'ops'] as const;

interface Held {
  readonly lead: string;
  readonly task: string;
}
interface Played extends Working {
  readonly keys: Readonly<Record<'A1' | 'S1' | 'both', string>>;
  readonly leads: Readonly<Record<'a1' | 'a2' | 'b1' | 'pooled1' | 'pooled2', Held>>;
}

/** Leads of A1 and A2 in S1, of B1 in S2, and one in the pool of each; keys of A1, of S1, and of A1 with S2. */
async function play(t: Test): Promise<Played> {
  const s = await startWorking(t);
  await staffed(s.db);
  s.setClock(Date.parse(june(1, '10:00:00')));
  let phones = 13_800_138_000;
  const take = async (store: string, owner?: string): Promise<Held> => {
    phones += 1;
    const { lead_id: lead } = await s.capture1(String(phones), { store, ...(owner === undefined ? {} : { owner }) });
    return { lead, task: (await s.get(`/v1/leads/${lead}`)).task.id };
  };
  const leads = {
    a1: await take('S1', 'A1'),
    a2: await take('S1', 'A2'),
    b1: await take('S2', 'B1'),
    pooled1: await take('S1'),
    pooled2: await take('S2'),
  };
  await s.db.updateTable('adviser').set({ open_cap: null }).execute();
  await s.db
    .updateTable('directory')
    .set(({ eb }) => ({ version: eb('version', '+', 1) }))
    .execute();
  const keys = {
    A1: (await s.makeKey({ scopes: [...SCOPES], adviser: 'A1' })).secret,
    S1: (await s.makeKey({ scopes: [...SCOPES], stores: ['S1'] })).secret,
    both: (await s.makeKey({ scopes: [...SCOPES], adviser: 'A1', stores: ['S2'] })).secret,
  };
  return { ...s, leads, keys };
}

const OTHER = { status: 403, body: { code: 'other_store' } };
const OWN = {
  A1: ['a1'],
  S1: ['a1', 'a2', 'pooled1'],
  both: ['a1', 'b1', 'pooled2'],
} as const;
const KEYS = ['A1', 'S1', 'both'] as const;
const LEADS = ['a1', 'a2', 'b1', 'pooled1', 'pooled2'] as const;
const isOwn = (key: (typeof KEYS)[number], lead: (typeof LEADS)[number]) =>
  (OWN[key] as readonly string[]).includes(lead);

t.test('lists and day lists hold what a key is bound to', async (t) => {
  const s = await play(t);
  const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id).sort();
  for (const key of KEYS) {
    const { body } = await s.call('GET', '/v1/tasks', { key: s.keys[key] });
    t.strictSame(ids(body.items), OWN[key].map((name) => s.leads[name].task).sort(), key);
    for (const adviser of ['A1', 'A2', 'B1'] as const) {
      const day = await s.call('GET', `/v1/advisers/${adviser}/day?date=2026-06-02`, { key: s.keys[key] });
      const lead = adviser.toLowerCase() as 'a1' | 'a2' | 'b1';
      const held = [...day.body.overdue, ...day.body.due, ...day.body.later].map(
        ({ task }: { task: { id: string } }) => task.id,
      );
      t.strictSame(held, isOwn(key, lead) ? [s.leads[lead].task] : [], `${key} reads the day of ${adviser}`);
    }
  }
  s.setClock(Date.parse(june(1, '11:00:00')));
  for (const name of LEADS) await s.post(`/v1/leads/${s.leads[name].lead}/follow-ups`, NEXT);
  for (const key of KEYS) {
    const { body } = await s.call('GET', '/v1/tasks?state=completed', { key: s.keys[key] });
    t.strictSame(ids(body.items), OWN[key].map((name) => s.leads[name].task).sort(), `${key}, those that ended`);
  }
});

const WORK: Readonly<Record<string, (held: Held) => readonly [string, string, object?]>> = {
  'read a task': ({ task }) => ['GET', `/v1/tasks/${task}`],
  'rate by hand': ({ lead }) => ['POST', `/v1/leads/${lead}/rating`, { rating: 'low', reason: 'x' }],
  'name a task': ({ task }) => ['PATCH', `/v1/tasks/${task}`, { external_ref: `crm-${task}` }],
  'put a task to another time': ({ task }) => [
    'POST',
    `/v1/tasks/${task}/reschedule`,
    { due_at: june(1, '16:00:00'), reason: 'x' },
  ],
  'complete a task': ({ task }) => ['POST', `/v1/tasks/${task}/complete`, NEXT],
  'follow a lead up': ({ lead }) => ['POST', `/v1/leads/${lead}/follow-ups`, NEXT],
  'close by a follow-up': ({ lead }) => [
    'POST',
    `/v1/leads/${lead}/follow-ups`,
    { ...CALL, state: { to: 'lost', reason: 'x' } },
  ],
};

for (const [what, ask] of Object.entries(WORK)) {
  t.test(`a key that is bound may ${what} of its own, and of nobody else`, async (t) => {
    const s = await play(t);
    for (const key of KEYS) {
      for (const name of LEADS) {
        if (isOwn(key, name)) continue;
        const [method, path, body] = ask(s.leads[name]);
        const before = await s.get(`/v1/leads/${s.leads[name].lead}`);
        t.match(
          await s.call(method, path, { key: s.keys[key], ...(body === undefined ? {} : { body }) }),
          OTHER,
          `${key} of ${name}`,
        );
        t.strictSame(await s.get(`/v1/leads/${s.leads[name].lead}`), before, 'and nothing changed');
      }
    }
    for (const [key, name] of [
      ['A1', 'a1'],
      ['S1', 'a2'],
      ['S1', 'pooled1'],
      ['both', 'b1'],
    ] as const) {
      const [method, path, body] = ask(s.leads[name]);
      const reply = await s.call(method, path, { key: s.keys[key], ...(body === undefined ? {} : { body }) });
      t.equal(reply.status, 200, `${key} of ${name}: ${reply.text}`);
    }
  });
}

t.test('a lead is released by its own store or adviser, and claimed from their pools', async (t) => {
  const s = await play(t);
  const release = (key: (typeof KEYS)[number], name: (typeof LEADS)[number]) =>
    s.call('POST', `/v1/leads/${s.leads[name].lead}/release`, { body: {}, key: s.keys[key] });
  const claim = (key: (typeof KEYS)[number], name: (typeof LEADS)[number], adviser?: string) =>
    s.call('POST', `/v1/leads/${s.leads[name].lead}/claim`, {
      body: adviser === undefined ? {} : { adviser },
      key: s.keys[key],
    });
  t.match(await release('A1', 'a2'), OTHER);
  t.match(await release('A1', 'b1'), OTHER);
  t.match(await release('S1', 'b1'), OTHER);
  t.match(await release('both', 'a2'), OTHER);
  t.match(await release('S1', 'a2'), { status: 200, body: { owner: null } });
  t.match(await release('both', 'b1'), { status: 200, body: { owner: null } });
  t.match(await claim('A1', 'pooled2'), OTHER, "it waits in a pool that is not the adviser's");
  t.match(await claim('S1', 'pooled2', 'B1'), OTHER);
  t.match(await claim('A1', 'pooled1', 'A2'), { status: 403, body: { code: 'adviser_mismatch' } }, 'for nobody else');
  t.match(await claim('A1', 'pooled1'), { status: 200, body: { owner: 'A1' } });
  t.match(await claim('S1', 'a2', 'M1'), { status: 200, body: { owner: 'M1' } }, 'what was released');
});

t.test('a key that is bound assigns its own, and reruns no ratings', async (t) => {
  for (const route of ['assign', 'owner']) {
    const s = await play(t);
    const give = (key: (typeof KEYS)[number], name: (typeof LEADS)[number], owner: string) =>
      s.call('POST', `/v1/leads/${s.leads[name].lead}/${route}`, { body: { owner }, key: s.keys[key] });
    t.match(await give('A1', 'a2', 'A1'), OTHER);
    t.match(await give('S1', 'b1', 'A1'), OTHER);
    t.match(await give('both', 'pooled1', 'A1'), OTHER);
    t.match(await give('S1', 'a2', 'A1'), { status: 200, body: { owner: 'A1' } });
  }
  const s = await play(t);
  for (const key of KEYS) {
    for (const dry_run of [true, false]) {
      t.match(await s.call('POST', '/v1/ratings/rerun', { body: { dry_run }, key: s.keys[key] }), OTHER, key);
    }
  }
  t.match(await s.call('POST', '/v1/advisers/A2/reassign', { body: {}, key: s.keys.A1 }), OTHER);
  t.match(await s.call('POST', '/v1/advisers/B1/reassign', { body: { store: 'S2' }, key: s.keys.S1 }), OTHER);
  t.match(await s.call('POST', '/v1/advisers/A2/reassign', { body: { store: 'S1' }, key: s.keys.S1 }), { status: 200 });
});
