import fc from 'fast-check';
import t from 'tap';
import { asOf, closingMoment, DAY_MS, fallAsleep, idleLimit, isOpen } from '../../src/domain/lead.ts';
import { aLead, day } from '../helpers/lead.ts';

t.test('a lead as it stood', async (t) => {
  const lead = aLead();
  const limit = day(3, 30);
  t.equal(idleLimit(lead, 30), limit);
  t.equal(asOf(lead, limit - 1, 30), lead, 'open before the limit');
  t.match(asOf(lead, limit, 30), { state: 'dormant', dormantBy: 'auto', closedAt: limit, priorState: 'following' });
  const slept = fallAsleep(lead, limit);
  t.strictSame(asOf(slept, limit - 1, 30), lead, 'before it fell asleep it was as it had been');
  t.equal(asOf(slept, limit, 30), slept);
  const byAdviser = aLead({ state: 'dormant', dormantBy: 'adviser', closedAt: limit });
  t.equal(asOf(byAdviser, limit - 1, 30), byAdviser, 'what an adviser did is not provisional');
});

t.test('closing moments', async (t) => {
  t.equal(closingMoment(aLead()), null, 'open');
  t.equal(closingMoment(aLead({ state: 'won', closedAt: day(4) })), day(4));
  t.equal(closingMoment(fallAsleep(aLead(), day(4))), null, 'an automatic sleep closes nothing');
});

t.test('law: whether the sweep came by says nothing about a lead at any moment', async (t) => {
  const states = fc.constantFrom('new' as const, 'assigned' as const, 'following' as const);
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        states,
        fc.integer({ min: 0, max: 90 * DAY_MS }),
        fc.integer({ min: 1, max: 60 }),
        (state, after, days) => {
          const lead = aLead({ state });
          const at = lead.lastActivityAt + after;
          const swept = fallAsleep(lead, idleLimit(lead, days));
          return isOpen(asOf(lead, at, days).state) === isOpen(asOf(swept, at, days).state);
        },
      ),
    ),
  );
});
