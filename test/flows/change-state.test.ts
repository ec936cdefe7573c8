import t from 'tap';
import { day, P, startWorking } from '../helpers/working.ts';

t.test(
  'scenarios 32 and 33: a lead put to sleep by its adviser is woken in its next cycle, by the capturing store',
  async (t) => {
    const s = await startWorking(t);
    const asleep = async (phone: string) => {
      const { lead_id } = await s.capture1(phone, { occurred_at: day(2, 1), store: 'S1', owner: 'A1' });
      await s.post(`/v1/leads/${lead_id}/state`, { state: 'following', occurred_at: day(2, 2) });
      await s.post(`/v1/leads/${lead_id}/state`, { state: 'dormant', reason: 'abroad', occurred_at: day(3, 1) });
      return lead_id;
    };
    const elsewhere = await asleep('13800138000');
    t.match(await s.capture1('13800138000', { channel: 'xhs', occurred_at: day(4, 10), store: 'S2' }), {
      decision: 'reactivated',
      lead_id: elsewhere,
      owner: { adviser: null, store: 'S2', reason: 'pool' },
    });
    t.match(await s.get(`/v1/leads/${elsewhere}`), {
      state: 'new',
      cycle: 2,
      store: 'S2',
      former_owner: 'A1',
      former_store: 'S1',
      closed_at: null,
    });
    const home = await asleep('13700137000');
    t.match(await s.capture1('13700137000', { channel: 'xhs', occurred_at: day(4, 10), store: 'S1' }), {
      decision: 'reactivated',
      lead_id: home,
      owner: { adviser: 'A1', store: 'S1', reason: 'former_owner' },
    });
    const late = await s.capture1('13700137000', { channel: 'search', occurred_at: day(2, 20) });
    t.equal(late.decision, 'merged', 'the lead is open again: nothing closed it at or after the touch');
  },
);

t.test('the same again changes nothing, and says so', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(6, 1), owner: 'A1', store: 'S1' });
  const path = `/v1/leads/${lead_id}/state`;
  const steps = [
    { state: 'assigned', owner: 'A1', occurred_at: day(6, 2) },
    { state: 'following', occurred_at: day(6, 2) },
    { state: 'dormant', reason: 'abroad', occurred_at: day(6, 3) },
    { state: 'invalid', reason: 'spam', occurred_at: day(6, 4) },
    { state: 'following', occurred_at: day(6, 5) },
    { state: 'won', amount: 100, currency: 'CNY', occurred_at: day(6, 6) },
  ];
  for (const [i, body] of steps.entries()) {
    const first = await s.post(path, body);
    t.equal(first.changed, i > 0, `${body.state} for the first time`);
    const before = (await s.eventsOf(lead_id)).length;
    t.match(
      await s.post(path, body),
      { changed: false, version: first.version, deal_id: first.deal_id },
      `${body.state} again`,
    );
    t.equal((await s.eventsOf(lead_id)).length, before, 'no event');
  }
  const other = { state: 'won', amount: 200, currency: 'CNY', occurred_at: day(6, 7) };
  const refused = await s.call('POST', path, { body: other });
  t.match(refused, { status: 409, body: { code: 'state_conflict' } });
  t.strictSame(refused.body.allowed, []);
  t.equal((await s.db.selectFrom('deal').selectAll().execute()).length, 1);
});

t.test('an occurred_at before the last change is out of order; one from a clock ahead of ours is ours', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(6, 1) });
  const path = `/v1/leads/${lead_id}/state`;
  await s.post(path, { state: 'following', occurred_at: day(6, 3) });
  t.match(await s.call('POST', path, { body: { state: 'lost', reason: 'x', occurred_at: day(6, 2) } }), {
    status: 409,
    body: { code: 'out_of_order', state: 'following', state_at: '2026-06-03T04:00:00.000Z' },
  });
  const now = Date.parse('2026-06-10T00:00:00Z');
  s.setClock(now);
  const ahead = await s.post(path, { state: 'lost', reason: 'x', occurred_at: '2026-06-10T00:02:00Z' });
  t.equal(ahead.state_at, '2026-06-10T00:02:00.000Z', 'two minutes ahead is kept as it is');
  t.strictSame(ahead.warnings, []);
  const { lead_id: other } = await s.capture1('13700137000', { occurred_at: day(6, 9) });
  t.match(
    await s.post(`/v1/leads/${other}/state`, {
      state: 'won',
      amount: 1,
      currency: 'CNY',
      occurred_at: '2026-06-10T02:00:00Z',
    }),
    {
      state_at: '2026-06-10T00:00:00.000Z',
      closed_at: '2026-06-10T00:00:00.000Z',
      warnings: ['clock_skew'],
    },
  );
});

t.test('a lead idle past the limit counts as dormant, whether or not the sweep has come by', async (t) => {
  const s = await startWorking(t);
  const moves = async (phone: string, sweep: (leadId: string) => Promise<unknown>) => {
    const { lead_id } = await s.capture1(phone, { occurred_at: day(6, 1), owner: 'A1', store: 'S1' });
    await sweep(lead_id);
    const path = `/v1/leads/${lead_id}/state`;
    const back = await s.call('POST', path, { body: { state: 'new', occurred_at: day(7, 20) } });
    const said = await s.post(path, { state: 'following', occurred_at: day(7, 20) });
    const early = await s.call('POST', path, { body: { state: 'invalid', reason: 'spam', occurred_at: day(7, 19) } });
    const told = (await s.eventsOf(lead_id)).at(-1);
    const { updated_at, version, lead_id: _, customer_id, ...rest } = said;
    return { back: back.status, rest, early: early.body.code, from: told?.data['from'], to: told?.data['to'] };
  };
  const unswept = await moves(P, async () => {});
  const swept = await moves('13700137000', (id) =>
    s.db
      .updateTable('lead')
      .set({ state: 'dormant', prior_state: 'assigned', dormant_by: 'auto', closed_at: new Date(day(7, 1)) })
      .where('id', '=', id)
      .execute(),
  );
  t.strictSame(swept, unswept);
  t.match(unswept, {
    from: 'dormant',
    to: 'following',
    early: 'out_of_order',
    rest: { state: 'following', cycle: 1, closed_at: null },
  });
  const touched = await s.capture1(P, { channel: 'xhs', occurred_at: day(8, 10) });
  t.equal(touched.decision, 'merged', 'whoever worked it has kept it awake');
});

t.test('touches after a back-dated close stay, flagged, until the close is taken back', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(6, 1) });
  await s.capture1(P, { channel: 'xhs', occurred_at: day(6, 5) });
  await s.capture1(P, { channel: 'search', occurred_at: day(6, 9) });
  const flags = async () =>
    (await s.db.selectFrom('touch').select('flags').orderBy('occurred_at').execute()).map((row) => row.flags);
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'won', amount: 1, currency: 'CNY', occurred_at: day(6, 5) });
  t.strictSame(await flags(), [[], [], ['after_close']], 'the same second still counts');
  t.equal((await s.get(`/v1/leads/${lead_id}`)).touch_count, 3, 'not decided anew');
  await s.post(`/v1/leads/${lead_id}/state/void`, { reason: 'mistake' });
  t.strictSame(await flags(), [[], [], []]);
});

t.test('a refused reason, an unknown lead and another lead that is open', async (t) => {
  const s = await startWorking(t);
  const nobody = '00000000-0000-7000-8000-000000000000';
  t.match(await s.call('POST', `/v1/leads/${nobody}/state`, { body: { state: 'following' } }), { status: 404 });
  t.match(await s.call('POST', '/v1/leads/none/state', { body: { state: 'following' } }), { status: 404 });
  const first = await s.capture1(P, { occurred_at: day(5, 1) });
  await s.post(`/v1/leads/${first.lead_id}/state`, { state: 'lost', reason: 'x', occurred_at: day(5, 2) });
  const second = await s.capture1(P, { occurred_at: day(5, 3) });
  t.equal(second.decision, 'after_lost');
  t.match(await s.call('POST', `/v1/leads/${first.lead_id}/state/void`, { body: { reason: 'mistake' } }), {
    status: 409,
    body: { code: 'state_conflict', open_lead_id: second.lead_id },
  });
  t.equal((await s.get(`/v1/leads/${first.lead_id}`)).state, 'lost');
});

t.test('a note is kept in the audit, and in no event', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(6, 1) });
  await s.post(`/v1/leads/${lead_id}/state`, {
    state: 'following',
    note: '张三 wants a call on Monday',
    occurred_at: day(6, 2),
  });
  const [noted] = await s.db.selectFrom('audit').selectAll().where('subject_id', '=', lead_id).execute();
  t.match(noted, {
    action: 'lead.note',
    subject_kind: 'lead',
    detail: { note: '张三 wants a call on Monday', state: 'following' },
  });
  t.notMatch(JSON.stringify(await s.eventsOf(lead_id)), '张三');
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'dormant', note: 'call 138 0013 8000', occurred_at: day(6, 3) });
  const { items } = await s.get(`/v1/audit?subject=${lead_id}`);
  const notes = items.map(({ detail }: { detail: { note: string } }) => detail.note);
  t.ok(notes.includes('call 138****8000'), 'a number in it is masked where it is read');
});

t.test('the closer is whoever was named, else the owner, else who acts', async (t) => {
  const s = await startWorking(t);
  const win = async (phone: string, body: object, headers: Record<string, string> = {}, lead: object = {}) => {
    const { lead_id } = await s.capture1(phone, { occurred_at: day(6, 1), ...lead });
    const won = { state: 'won', amount: 1, currency: 'CNY', occurred_at: day(6, 2), ...body };
    return (await s.post(`/v1/leads/${lead_id}/state`, won, { headers })).closer;
  };
  const acts = { 'on-behalf-of': 'adviser:A7' };
  t.equal(await win('13800138001', { closer: 'A9' }, acts, { owner: 'A1' }), 'A9');
  t.equal(await win('13800138002', {}, acts, { owner: 'A1' }), 'A1');
  t.equal(await win('13800138003', {}, acts), 'A7');
  t.equal(await win('13800138004', {}), null);
  const bound = await s.makeKey({ scopes: ['leads:write'], adviser: 'A1' });
  const { lead_id } = await s.capture1('13800138005', { occurred_at: day(6, 1), owner: 'A1' });
  const body = { state: 'won', amount: 1, currency: 'CNY', closer: 'A2' };
  t.match(await s.call('POST', `/v1/leads/${lead_id}/state`, { body, key: bound.secret }), {
    status: 403,
    body: { code: 'adviser_mismatch' },
  });
});

t.test('a bound key works its own leads only, and owner needs ops', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(6, 1), owner: 'A1', store: 'S1' });
  const path = `/v1/leads/${lead_id}/state`;
  const attempt = async (key: object, body: object = { state: 'following' }) =>
    s.call('POST', path, { body, key: (await s.makeKey({ scopes: ['leads:write', 'leads:read'], ...key })).secret });
  t.match(await attempt({ stores: ['S2'] }), { status: 403, body: { code: 'other_store' } });
  t.match(await attempt({ adviser: 'A2' }), { status: 403, body: { code: 'other_store' } });
  t.match(await attempt({ adviser: 'A1' }, { state: 'assigned', owner: 'A1' }), {
    status: 403,
    body: { code: 'scope_missing' },
  });
  t.match(await attempt({ scopes: ['leads:read'] }), { status: 403, body: { code: 'scope_missing' } });
  t.equal((await s.get(`/v1/leads/${lead_id}`)).state, 'assigned');
  t.match(await attempt({ stores: ['S1'] }), { status: 200, body: { state: 'following' } });
  t.match(await attempt({ adviser: 'A1' }, { state: 'dormant' }), { status: 200, body: { state: 'dormant' } });
});

t.test('captures and closings at once leave one open lead at most, and every touch somewhere', async (t) => {
  const s = await startWorking(t);
  s.setClock(null);
  const { lead_id } = await s.capture1(P);
  const captures = Array.from({ length: 24 }, (_, i) =>
    s.call('POST', '/v1/leads', { body: { channel: `c${i}`, person: { phone: P }, intent: { need: `n${i}` } } }),
  );
  const closings = Array.from({ length: 4 }, (_, i) =>
    s.call('POST', `/v1/leads/${lead_id}/state`, { body: { state: 'lost', reason: `r${i}` } }),
  );
  const replies = await Promise.all([...captures.slice(0, 12), ...closings, ...captures.slice(12)]);
  const taken = replies.filter((reply) => reply.body.decision !== undefined);
  t.equal(taken.filter(({ status }) => status < 300).length, 24);
  t.equal(
    replies.filter(({ status, body }) => status === 200 && body.state === 'lost').length,
    1,
    'one closing came first',
  );
  t.equal(replies.filter(({ status }) => status === 409).length, 3);
  const leads = await s.db.selectFrom('lead').selectAll().execute();
  t.equal(leads.filter(({ state }) => state === 'lost').length, 1);
  t.ok(leads.filter(({ state }) => state === 'new').length <= 1);
  t.equal(
    leads.reduce((sum, lead) => sum + lead.touch_count, 0),
    25,
  );
  const decisions = taken.map((reply) => reply.body.decision);
  t.equal(decisions.filter((it) => it === 'after_lost').length, leads.length - 1);
  const sequences = (await s.eventsOf(lead_id)).map(({ sequence }) => sequence);
  t.strictSame(
    sequences,
    sequences.map((_, i) => i + 1),
    'the sequence has no gap and no double',
  );
});
