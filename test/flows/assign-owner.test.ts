import t from 'tap';
import { day, P, startWorking } from '../helpers/working.ts';

t.test('a lead is given to an adviser, to another, and to nobody', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(12, 1), store: 'S1' });
  const path = `/v1/leads/${lead_id}/owner`;
  t.match(await s.post(path, { owner: 'A1', occurred_at: day(12, 2) }), {
    changed: true,
    state: 'assigned',
    owner: 'A1',
    store: 'S1',
    former_owner: null,
  });
  t.match(await s.post(path, { owner: 'A1' }), { changed: false });
  t.match(await s.post(path, { owner: 'B1', store: 'S2' }), {
    owner: 'B1',
    store: 'S2',
    former_owner: 'A1',
    former_store: 'S1',
    state: 'assigned',
  });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'following' });
  t.match(
    await s.post(path, { owner: null }),
    { owner: null, store: 'S2', former_owner: 'B1', state: 'following' },
    'the state stays',
  );
  t.match(await s.post(path, { owner: null, store: null }), { owner: null, store: null, former_owner: 'B1' });
  const told = (await s.eventsOf(lead_id)).slice(1);
  t.strictSame(
    told.map(({ type }) => type),
    [
      'lead.owner_changed',
      'lead.state_changed',
      'lead.owner_changed',
      'lead.state_changed',
      'lead.owner_changed',
      'lead.owner_changed',
    ],
  );
  t.match(told[2]?.data, { owner: 'B1', store: 'S2', former_owner: 'A1', former_store: 'S1' });
});

t.test('what is closed for good has nobody to follow it up; codes have 1 to 64 characters', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(12, 1) });
  const path = `/v1/leads/${lead_id}/owner`;
  t.match(await s.call('POST', path, { body: {} }), { status: 422, body: { errors: [{ path: '/owner' }] } });
  t.match(await s.call('POST', path, { body: { owner: 'x'.repeat(65) } }), { status: 422 });
  t.match(await s.call('POST', path, { body: { owner: '' } }), { status: 422 });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'lost', reason: 'x' });
  t.match(await s.call('POST', path, { body: { owner: 'A1' } }), {
    status: 409,
    body: { code: 'state_conflict', state: 'lost' },
  });
  const { secret } = await s.makeKey({ scopes: ['leads:write'] });
  t.match(await s.call('POST', path, { body: { owner: 'A1' }, key: secret }), { status: 403 });
});

t.test('to assigned by the state route is the same', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(12, 1), store: 'S1' });
  const path = `/v1/leads/${lead_id}/state`;
  t.match(await s.post(path, { state: 'assigned', owner: 'A1' }), { state: 'assigned', owner: 'A1', store: 'S1' });
  t.match(await s.call('POST', path, { body: { state: 'assigned', owner: 'A2' } }), {
    status: 409,
    body: { allowed: ['following', 'won', 'lost', 'dormant', 'invalid'] },
  });
  t.strictSame(
    (await s.eventsOf(lead_id)).slice(1).map(({ type }) => type),
    ['lead.state_changed', 'lead.owner_changed'],
  );
});
