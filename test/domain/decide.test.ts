import t from 'tap';
import { place, scopeOf } from '../../src/domain/decide.ts';
import type { Lead } from '../../src/domain/lead.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { aLead, day } from '../helpers/lead.ts';

const closed = (state: Lead['state'], at: number, over: Partial<Lead> = {}): Lead =>
  aLead({ state, closedAt: at, stateAt: at, dormantBy: state === 'dormant' ? 'adviser' : null, ...over });

const CASES: readonly [name: string, leads: readonly Lead[], at: number, expected: string, lead?: string][] = [
  ['nobody', [], day(4), 'created created.no_lead_in_scope'],
  ['open', [aLead()], day(3, 5), 'merged merged.open_lead', 'lead-1'],
  ['open, at the idle limit to the millisecond', [aLead()], day(3, 30), 'reactivated reactivated.idle_lead', 'lead-1'],
  ['open, a millisecond before the limit', [aLead()], day(3, 30) - 1, 'merged merged.open_lead', 'lead-1'],
  ['dormant by an adviser', [closed('dormant', day(3))], day(4, 9), 'reactivated reactivated.dormant_lead', 'lead-1'],
  [
    'dormant by an adviser, at that very moment',
    [closed('dormant', day(3))],
    day(3),
    'late late.closed_at_or_after_touch',
    'lead-1',
  ],
  [
    'asleep by itself, a touch from before it slept',
    [closed('dormant', day(3, 30), { dormantBy: 'auto', priorState: 'following' })],
    day(3, 30) - 1,
    'merged merged.provisional_dormancy',
    'lead-1',
  ],
  [
    'asleep by itself, a touch at that moment',
    [closed('dormant', day(3, 30), { dormantBy: 'auto', priorState: 'following' })],
    day(3, 30),
    'reactivated reactivated.idle_lead',
    'lead-1',
  ],
  ['won', [closed('won', day(5))], day(8, 19), 'repurchase repurchase.won_lead'],
  ['won, a touch at the same second', [closed('won', day(5))], day(5), 'late late.closed_at_or_after_touch', 'lead-1'],
  ['won, a touch one millisecond later', [closed('won', day(5))], day(5) + 1, 'repurchase repurchase.won_lead'],
  ['lost', [closed('lost', day(5))], day(5, 19), 'after_lost after_lost.lost_lead'],
  [
    'invalid, empty number',
    [closed('invalid', day(5), { reason: 'empty_number' })],
    day(6),
    'merged merged.invalid_lead',
    'lead-1',
  ],
  [
    'invalid, no answer',
    [closed('invalid', day(5), { reason: 'no_answer' })],
    day(6),
    'reactivated reactivated.invalid_no_answer',
    'lead-1',
  ],
  [
    'won before, open now',
    [closed('won', day(1), { id: 'won' }), aLead({ id: 'open', createdAt: day(2) })],
    day(3, 2),
    'merged merged.open_lead',
    'open',
  ],
  [
    'won before, open now, a touch from before the win',
    [closed('won', day(1), { id: 'won' }), aLead({ id: 'open', createdAt: day(2) })],
    day(1) - 1,
    'late late.closed_at_or_after_touch',
    'won',
  ],
  [
    'two closed: the earliest closing at or after the touch takes it',
    [closed('lost', day(2), { id: 'first' }), closed('won', day(4), { id: 'second' })],
    day(1),
    'late late.closed_at_or_after_touch',
    'first',
  ],
  [
    'won long ago and lost lately: the latest close speaks',
    [closed('won', day(1), { id: 'won' }), closed('lost', day(2), { id: 'lost' })],
    day(3),
    'after_lost after_lost.lost_lead',
  ],
  [
    'dormant goes before won, whatever closed later',
    [closed('dormant', day(1), { id: 'asleep' }), closed('won', day(2), { id: 'won' })],
    day(3),
    'reactivated reactivated.dormant_lead',
    'asleep',
  ],
  ['merged away', [aLead({ mergedInto: 'other' })], day(3, 1), 'created created.no_lead_in_scope'],
  ['erased', [aLead({ hidden: 'erased' })], day(3, 1), 'created created.no_lead_in_scope'],
  ['another scope', [aLead({ scope: 'BYD' })], day(3, 1), 'created created.no_lead_in_scope'],
];

t.test('the decision table', async (t) => {
  for (const [name, leads, at, expected, lead] of CASES) {
    const placement = place(leads, 'all', at, DEFAULT_POLICY);
    t.equal(`${placement.decision} ${placement.rule}`, expected, name);
    if (lead !== undefined)
      t.equal(placement.kind === 'existing' ? placement.lead.id : 'a new one', lead, `${name}: which lead`);
  }
});

t.test('a narrower scope', async (t) => {
  const policy = { ...DEFAULT_POLICY, scope: 'product.brand' } as const;
  t.equal(scopeOf({ product: { brand: 'BYD' } }, policy), 'BYD');
  t.equal(scopeOf({}, policy), 'all', 'a blank field is all');
  t.equal(
    place([aLead({ scope: 'NIO' })], 'BYD', day(3, 1), policy).decision,
    'created',
    'another brand is another lead',
  );
  t.equal(
    place([aLead({ scope: 'all' })], 'BYD', day(3, 1), policy).decision,
    'merged',
    'an open lead under all takes it',
  );
  t.equal(
    place([closed('won', day(3), { scope: 'all' })], 'BYD', day(4), policy).decision,
    'created',
    'a closed lead under all says nothing about a brand',
  );
});

t.test('a lead that is open today goes before one that only was at the moment of the touch', async (t) => {
  const asleep = closed('dormant', day(3, 30), {
    id: 'asleep',
    dormantBy: 'auto',
    priorState: 'new',
    createdAt: day(3, 3),
  });
  const open = aLead({ id: 'open', createdAt: day(3), lastActivityAt: day(4) });
  const placement = place([asleep, open], 'all', day(3, 10), DEFAULT_POLICY);
  t.equal(placement.kind === 'existing' && placement.lead.id, 'open');
});

t.test('an idle lead that is open today wakes itself, never an older one beside it', async (t) => {
  const idle = aLead({ id: 'idle', createdAt: day(2), lastActivityAt: day(2) });
  const slept = closed('dormant', day(4, 20), { id: 'slept', createdAt: day(4) });
  const placement = place([idle, slept], 'all', day(5, 30), DEFAULT_POLICY);
  t.equal(placement.decision, 'reactivated');
  t.equal(placement.kind === 'existing' && placement.lead.id, 'idle');
  const auto = closed('dormant', day(4, 20), { id: 'auto', dormantBy: 'auto', priorState: 'new' });
  const between = place([idle, auto], 'all', day(4, 10), DEFAULT_POLICY);
  t.equal(between.kind === 'existing' && between.lead.id, 'idle', 'nor one that was open at that moment');
});
