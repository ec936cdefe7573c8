import { randomBytes } from 'node:crypto';
import t from 'tap';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { type Ran, runClew } from '../helpers/io.ts';
import { staffed } from '../helpers/staffed-stores.ts';
import { day, startWorking } from '../helpers/working.ts';

t.test('open leads are rated again, after a dry run that says what would change', async (t) => {
  const s = await startWorking(t);
  await staffed(s.db);
  s.setClock(Date.parse('2026-06-01T10:00:00+08:00'));
  const env = { DATABASE_URL: s.databaseUrl, CLEW_SECRET_KEY: randomBytes(32).toString('base64') };
  const at = Date.parse('2026-06-01T11:00:00+08:00');
  const clew = (line: string): Promise<Ran> => runClew(line.split(' '), env, { now: () => at });
  t.match(await clew('ratings rerun'), { exit: 0, out: '0 of 0 open leads are rated otherwise\n', err: '' });
  const take = async (n: number, channel: string) =>
    (await s.capture1(`1380013800${n}`, { channel, store: 'S1', owner: 'A1', occurred_at: day(6, 1, '09:00:00') }))
      .lead_id;
  const [event, shop, closed] = [await take(1, 'event'), await take(2, 'shop'), await take(3, 'event')];
  await s.post(`/v1/leads/${closed}/state`, { state: 'lost', reason: 'x' });
  const { headers } = await s.call('GET', '/v1/policy');
  const rating = { ...DEFAULT_POLICY.rating, channels: { event: 'high' } };
  const body = { document: { ...DEFAULT_POLICY, rating }, reason: 'events sell' };
  t.equal((await s.call('PUT', '/v1/policy', { body, headers: { 'if-match': String(headers['etag']) } })).status, 200);
  const ratings = async () =>
    Promise.all([event, shop, closed].map(async (id) => (await s.get(`/v1/leads/${id}`)).rating));

  const tried = await clew('ratings rerun --dry-run');
  t.match(tried, { exit: 0, out: '1 of 2 open leads would be rated otherwise\n  medium>high  1\n', err: '' });
  t.strictSame(await ratings(), ['medium', 'high', 'medium'], 'a dry run writes nothing');
  t.notOk((await s.eventsOf(event)).some(({ type }) => type === 'lead.rating_changed'));

  const done = await clew('ratings rerun --json');
  t.strictSame(JSON.parse(done.out), { dry_run: false, looked: 2, changed: 1, counts: { 'medium>high': 1 } });
  t.strictSame(await ratings(), ['high', 'high', 'medium']);
  t.match((await s.get(`/v1/leads/${event}`)).task, { due_at: '2026-06-01T04:00:00.000Z' }, 'an hour from then on');
  const told = await s.db
    .selectFrom('event')
    .select(['actor', 'type'])
    .where('type', '=', 'lead.rating_changed')
    .execute();
  t.strictSame(told, [{ actor: 'cli', type: 'lead.rating_changed' }]);
  t.match(await clew('ratings rerun'), { out: '0 of 2 open leads are rated otherwise\n' }, 'again changes nothing');
});

t.test('what cannot be is refused in a sentence', async (t) => {
  t.match(await runClew(['ratings', 'rerun', 'now'], {}), { exit: 2, out: '', err: /^clew: / });
  t.match(await runClew(['ratings', 'rerun', '--fast'], {}), { exit: 2, out: '', err: /^clew: / });
});
