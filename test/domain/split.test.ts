import t from 'tap';
import { ID, makeId } from '../../src/domain/seed.ts';
import { identitiesAlong, leadGoesAlong, splitLead } from '../../src/domain/split.ts';
import { aLead, day } from '../helpers/lead.ts';

const seed = { time: '0197a3c2-5d10', chance: '8000-aaaaaaaaaa' };
const touch = { id: makeId(seed, 'abc', ID.touch), identityId: 'phone' };

t.test('a lead goes along when it consists of the touch alone', async (t) => {
  const lead = aLead();
  const held = {
    leads: [lead],
    touches: [
      { id: touch.id, leadId: lead.id },
      { id: 'other', leadId: 'lead-0' },
    ],
    withDeals: ['lead-0'],
  };
  t.equal(leadGoesAlong(lead, touch.id, held), true);
  t.equal(leadGoesAlong(lead, touch.id, { ...held, touches: [...held.touches, { id: 'x', leadId: lead.id }] }), false);
  t.equal(leadGoesAlong(lead, touch.id, { ...held, withDeals: [lead.id] }), false, 'deals stay');
  t.equal(leadGoesAlong(lead, touch.id, { ...held, leads: [lead, aLead({ id: 'm', mergedInto: lead.id })] }), false);
  t.equal(leadGoesAlong(aLead({ mergedInto: 'y' }), touch.id, held), false);
});

t.test('the lead of the new customer', async (t) => {
  const moved = { occurredAt: day(3, 2), receivedAt: day(3, 3), scope: 'all', store: 'S2', phone: '+8613800138000' };
  const made = { leadId: 'new', customerId: 'c2' };
  const along = aLead({ repurchaseOf: 'l0', flags: ['possible_number_reuse', 'x'] });
  t.match(splitLead(along, moved, made), { id: 'lead-1', repurchaseOf: null, owner: 'A1' });
  t.strictSame(splitLead(along, moved, made).flags, ['x']);
  t.match(splitLead(null, moved, made), {
    id: 'new',
    customerId: 'c2',
    state: 'new',
    createdAt: day(3, 2),
    phone: '+8613800138000',
    owner: null,
  });
});

t.test('which identities go along', async (t) => {
  const own = { id: makeId(seed, 'def', ID.identity + 1) };
  const all = [{ id: 'phone' }, { id: 'older' }, own];
  t.strictSame(identitiesAlong(touch, [{ identityId: 'phone' }], all, 'leave'), [own.id]);
  t.strictSame(identitiesAlong(touch, [{ identityId: 'phone' }], all, 'take'), ['phone', own.id]);
  t.strictSame(identitiesAlong(touch, [{ identityId: own.id }], all, 'leave'), [], 'somebody else came by it too');
});
