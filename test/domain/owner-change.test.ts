import t from 'tap';
import { fallAsleep } from '../../src/domain/lead.ts';
import { giveTo } from '../../src/domain/owner-change.ts';
import { aLead, day } from '../helpers/lead.ts';

const giving = (owner: string | null, store: string | null = 'S1') => ({
  owner,
  store,
  occurredAt: day(3, 5),
  at: day(3, 6),
});

t.test('what was new is assigned, any other state stays', async (t) => {
  const fresh = aLead({ state: 'new', owner: null, ownerSince: null });
  t.match(giveTo(fresh, giving('A1')), {
    assigned: true,
    lead: { state: 'assigned', stateAt: day(3, 5), owner: 'A1', ownerSince: day(3, 6) },
  });
  t.match(giveTo(aLead(), giving('B1', 'S2')), {
    assigned: false,
    lead: { state: 'following', owner: 'B1', formerOwner: 'A1', formerStore: 'S1' },
  });
  t.match(giveTo(aLead({ state: 'assigned' }), giving(null)), {
    assigned: false,
    lead: { state: 'assigned', owner: null, ownerSince: null, formerOwner: 'A1' },
  });
  t.match(
    giveTo(aLead({ formerOwner: 'A0' }), giving('A1', 'S2')),
    { lead: { owner: 'A1', store: 'S2', formerOwner: 'A0' } },
    'another store alone',
  );
  t.equal(giveTo(aLead(), giving('A1')), null);
  t.match(giveTo(fallAsleep(fresh, day(3, 3)), giving('A1')), {
    assigned: false,
    lead: { state: 'dormant', priorState: 'assigned', owner: 'A1' },
  });
});
