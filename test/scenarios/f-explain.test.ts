import t from 'tap';
import { assignBy } from '../helpers/assign-by.ts';
import { phoneOf } from '../helpers/captured.ts';
import { NOON, staff, staffTwoStores } from '../helpers/staffed.ts';
import { startWorking } from '../helpers/working.ts';

t.setTimeout(180_000);

const DAY = 86_400_000;

t.test('scenarios 77 and 78: a dry run of every decision answers what the real call then does', async (t) => {
  const s = await startWorking(t);
  s.setClock(NOON - 60 * DAY);
  await staffTwoStores(s.db, { B1: { openCap: 2 }, B2: { active: false } });
  await staff(s.db, { advisers: { V1: { hq: true }, V2: { stores: ['S1'], active: false } } });
  await assignBy(s, ({ rules }) => ({
    rules: [
      { name: 'gone', when: { campaign: ['vip'] }, give: { to: 'adviser', adviser: 'V2' } },
      { name: 'unknown', when: { campaign: ['vip'] }, give: { to: 'store', store: 'S9' } },
      { name: 'vip', when: { campaign: ['vip'] }, give: { to: 'adviser', adviser: 'V1' } },
      { name: 'fleet', when: { campaign: ['fleet'] }, give: { to: 'capture_store', skill: 'fleet' } },
      ...rules,
    ],
  }));
  const known = async (n: number, close: object | null): Promise<string> => {
    const { lead_id } = await s.capture1(phoneOf(n), { store: 'S1' });
    if (close !== null) await s.post(`/v1/leads/${lead_id}/state`, close);
    return lead_id;
  };
  const leads = {
    won: await known(1, { state: 'won', amount: 1, currency: 'CNY' }),
    left: await known(2, { state: 'won', amount: 1, currency: 'CNY', closer: 'V2' }),
    lost: await known(3, { state: 'lost', reason: 'x' }),
    dormant: await known(4, { state: 'dormant' }),
    stays: await known(5, { state: 'dormant' }),
    asleep: await known(6, null),
    unanswered: await known(7, { state: 'invalid', reason: 'no_answer' }),
    invalid: await known(8, { state: 'invalid', reason: 'spam' }),
  };
  s.setClock(NOON);
  leads.asleep = await known(9, null);
  const seen = new Map<string, string[]>();
  const both = async (name: string, n: number, more: object, expected: object) => {
    const body = { channel: 'search', person: { phone: phoneOf(n), name: `客户${n}` }, ...more };
    const leadsBefore = await s.db.selectFrom('lead').select('id').execute();
    const pools = await s.db.selectFrom('pool').selectAll().orderBy('id').execute();
    const dry = await s.call('POST', '/v1/leads?dry_run=true', { body });
    t.strictSame(await s.db.selectFrom('pool').selectAll().orderBy('id').execute(), pools, `${name}: no turn is moved`);
    t.equal((await s.db.selectFrom('lead').select('id').execute()).length, leadsBefore.length);
    const real = await s.post('/v1/leads', body);
    const told = ({ decision, rule, owner, assignment, warnings }: typeof real) => ({
      decision,
      rule,
      owner,
      assignment,
      warnings,
    });
    t.strictSame(told(dry.body), told(real), name);
    const isOld = leadsBefore.some(({ id }) => id === real.lead_id);
    t.equal(dry.body.lead_id, isOld ? real.lead_id : null, `${name}: the lead that is there, or none yet`);
    t.match(real, expected, name);
    seen.set(real.decision, [...(seen.get(real.decision) ?? []), name]);
  };
  await both('new', 20, { store: 'S1' }, { decision: 'created', owner: { store: 'S1', reason: 'wheel' } });
  await both('named', 21, { store: 'S1', owner: 'A3' }, { owner: { adviser: 'A3', reason: 'named' } });
  await both(
    'vip',
    22,
    { store: 'S1', campaign: { id: 'vip' } },
    {
      owner: { adviser: 'V1', reason: 'rule' },
      assignment: {
        rule: 'vip',
        skipped: [
          { rule: 'gone', why: 'inactive' },
          { rule: 'unknown', why: 'store_unknown' },
        ],
      },
    },
  );
  await both('in no store', 23, {}, { owner: { adviser: 'V1', store: null }, assignment: { rule: 'hq' } });
  await both('twice', 20, { store: 'S2' }, { decision: 'noise' });
  await both('again', 20, { store: 'S2', channel: 'xhs' }, { decision: 'merged', owner: { reason: 'unchanged' } });
  await both('won', 1, { store: 'S2' }, { decision: 'repurchase', owner: { reason: 'repurchase_sticky' } });
  await both(
    'closer left',
    2,
    { store: 'S2' },
    {
      decision: 'repurchase',
      owner: { store: 'S1', reason: 'previous_owner_inactive' },
    },
  );
  await both('lost', 3, { store: 'S2' }, { decision: 'after_lost', owner: { adviser: 'B1', reason: 'wheel' } });
  await both('dormant elsewhere', 4, { store: 'S2' }, { decision: 'reactivated', owner: { adviser: 'B1' } });
  await both('dormant here', 5, { store: 'S1' }, { decision: 'reactivated', owner: { reason: 'former_owner' } });
  await both('asleep by itself', 6, { store: 'S1' }, { decision: 'reactivated', owner: { reason: 'former_owner' } });
  await both('nobody answered', 7, { store: 'S1' }, { decision: 'reactivated', owner: { reason: 'wheel' } });
  await both('spam', 8, { store: 'S1' }, { decision: 'merged', rule: 'merged.invalid_lead' });
  await both('before the loss', 3, { occurred_at: '2026-04-01T12:00:00+08:00' }, { decision: 'late' });
  await staff(s.db, { advisers: { V1: { hq: true, openCap: 0 } } });
  await both(
    'B1 is full',
    24,
    { store: 'S2' },
    {
      owner: { adviser: null, store: 'S2', reason: 'pool' },
      assignment: { passed_over: [{ adviser: 'B1', why: 'open_cap' }, { why: 'inactive' }, { adviser: 'V1' }] },
    },
  );
  await both(
    'nobody has the skill',
    25,
    { store: 'S1', campaign: { id: 'fleet' } },
    {
      owner: { adviser: null, reason: 'pool' },
      assignment: { rule: 'fleet', passed_over: [{ adviser: 'A1', why: 'skill' }, {}, {}, {}, {}] },
    },
  );
  await both(
    'waits and comes again',
    24,
    { store: 'S1', channel: 'xhs' },
    { decision: 'merged', owner: { adviser: null } },
  );
  t.strictSame([...seen.keys()].sort(), [
    'after_lost',
    'created',
    'late',
    'merged',
    'noise',
    'reactivated',
    'repurchase',
  ]);
});
