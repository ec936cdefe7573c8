import fc from 'fast-check';
import t from 'tap';
import { isLive, isOpen, type Lead } from '../../src/domain/lead.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { seatTouch } from '../../src/domain/seat.ts';
import { aLead, day } from '../helpers/lead.ts';

const touch = { occurredAt: day(3, 20), receivedAt: day(3, 20), scope: 'all', store: 'S2', phone: null };
const made = { leadId: 'new-lead', customerId: 'c-new' };
const seat = (leads: readonly Lead[]) => seatTouch(leads, touch, DEFAULT_POLICY, made);

t.test('where a moved touch belongs', async (t) => {
  t.match(seat([aLead()]), { how: 'kept', lead: { id: 'lead-1', lastActivityAt: day(3, 20), owner: 'A1' } });
  t.match(seat([]), {
    how: 'made',
    lead: { id: 'new-lead', customerId: 'c-new', state: 'new', createdAt: day(3, 20), store: 'S2' },
  });
  const won = aLead({ state: 'won', closedAt: day(3, 5) });
  t.match(seat([won]), { how: 'made', lead: { repurchaseOf: 'lead-1', previousLead: null } });
  t.match(seat([aLead({ state: 'lost', closedAt: day(3, 5) })]), {
    how: 'made',
    lead: { repurchaseOf: null, previousLead: 'lead-1' },
  });
  t.match(seat([aLead({ state: 'dormant', dormantBy: 'adviser', closedAt: day(3, 5) })]), {
    how: 'woken',
    lead: { state: 'new', cycle: 2, owner: null, formerOwner: 'A1', store: 'S2', closedAt: null },
  });
  t.match(seat([aLead({ state: 'won', closedAt: day(3, 25) })]), { how: 'kept', lead: { state: 'won' } }, 'late');
});

t.test('law: one open lead stays one', async (t) => {
  const state = fc.constantFrom(
    'new' as const,
    'following' as const,
    'won' as const,
    'lost' as const,
    'dormant' as const,
    'invalid' as const,
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(state, fc.integer({ min: 0, max: 40 })), { maxLength: 4 }), (shapes) => {
      let open = 0;
      const leads = shapes.flatMap(([at, days], i) => {
        if (isOpen(at) && open > 0) return [];
        if (isOpen(at)) open += 1;
        const closed = { closedAt: day(3, days), dormantBy: at === 'dormant' ? ('adviser' as const) : null };
        return [
          aLead({
            id: `l${i}`,
            state: at,
            reason: at === 'invalid' ? 'no_answer' : null,
            ...(isOpen(at) ? {} : closed),
          }),
        ];
      });
      const { lead } = seat(leads);
      const after = [...leads.filter(({ id }) => id !== lead.id), lead];
      t.ok(after.filter((it) => isLive(it) && isOpen(it.state)).length <= 1);
    }),
  );
});
