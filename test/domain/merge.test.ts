import fc from 'fast-check';
import t from 'tap';
import type { Lead } from '../../src/domain/lead.ts';
import { separateConfirmed, separateLead, uniteLeads, uniteOpenLeads } from '../../src/domain/merge.ts';
import { EMPTY_PROFILE, type Profile, uniteProfiles } from '../../src/domain/profile.ts';
import { aLead, day } from '../helpers/lead.ts';

const AT = day(6);
const moment = fc.integer({ min: 0, max: 60 }).map((days) => day(3, days));
const openLead = (id: string): fc.Arbitrary<Lead> =>
  fc
    .record({
      owner: fc.option(fc.constantFrom('A1', 'B1', 'B2')),
      state: fc.constantFrom('new' as const, 'assigned' as const, 'following' as const),
      store: fc.option(fc.constantFrom('S1', 'S2')),
      since: moment,
      createdAt: moment,
      lastActivityAt: moment,
      touchCount: fc.integer({ min: 1, max: 5 }),
      phone: fc.option(fc.constant('+8613800138000')),
      flags: fc.subarray(['x', 'y']),
    })
    .map(({ since, ...over }) =>
      aLead({
        ...over,
        id,
        customerId: `c-${id}`,
        state: over.owner === null && over.state === 'assigned' ? 'new' : over.state,
        ownerSince: over.owner === null ? null : since,
      }),
    );

t.test('law: whichever lead survives, owner, state, date and counts are the same', async (t) => {
  fc.assert(
    fc.property(openLead('l1'), openLead('l2'), (a, b) => {
      const [left, right] = [uniteLeads(a, b, AT), uniteLeads(b, a, AT)];
      for (const name of [
        'owner',
        'store',
        'ownerSince',
        'state',
        'createdAt',
        'touchCount',
        'lastActivityAt',
        'phone',
      ] as const) {
        t.strictSame(left[name], right[name], name);
      }
      t.equal(left.touchCount, a.touchCount + b.touchCount);
      t.equal(left.createdAt, Math.min(a.createdAt, b.createdAt));
    }),
  );
});

t.test('who owns the united lead', async (t) => {
  const lead = (id: string, over: Partial<Lead>) => aLead({ id, ...over });
  const owner = (a: Partial<Lead>, b: Partial<Lead>) => uniteLeads(lead('l1', a), lead('l2', b), AT).owner;
  t.equal(
    owner(
      { owner: 'B1', state: 'assigned', ownerSince: day(3, 1) },
      { owner: 'A1', state: 'following', ownerSince: day(3, 9) },
    ),
    'A1',
    'a real follow-up',
  );
  t.equal(
    owner(
      { owner: 'B1', state: 'assigned', ownerSince: day(3, 9) },
      { owner: 'A1', state: 'assigned', ownerSince: day(3, 1) },
    ),
    'A1',
    'assigned first',
  );
  t.equal(
    owner({ owner: null, state: 'following', ownerSince: null }, { owner: 'A1', state: 'assigned' }),
    'A1',
    'somebody rather than nobody',
  );
  t.equal(
    owner({ owner: null, state: 'new', ownerSince: null }, { owner: null, state: 'new', ownerSince: null }),
    null,
  );
});

t.test('law: parted again with nothing in between, a lead is as it was', async (t) => {
  fc.assert(
    fc.property(openLead('l1'), openLead('l2'), (a, b) => {
      const [united] = uniteOpenLeads([a], [b], AT);
      if (united === undefined) throw new Error('both are open');
      t.match(united.absorbed, { id: 'l2', mergedInto: 'l1', state: b.state, owner: b.owner });
      const record = JSON.parse(JSON.stringify(united.pair)) as typeof united.pair;
      const parted = separateLead(united.survivor, record, AT);
      const { version: _v, updatedAt: _u, touchCount: _t, flags: _f, ...rest } = parted; // counts and sources are recomputed
      const { version: _w, updatedAt: _x, touchCount: _y, flags: _g, ...was } = a;
      t.strictSame(rest, was);
    }),
  );
});

t.test('law: what was changed since stays', async (t) => {
  fc.assert(
    fc.property(openLead('l1'), openLead('l2'), (a, b) => {
      const [united] = uniteOpenLeads([a], [b], AT);
      if (united === undefined) throw new Error('both are open');
      const worked: Lead = {
        ...united.survivor,
        owner: 'C9',
        state: 'won',
        stateAt: AT,
        closedAt: AT,
        lastActivityAt: AT,
      };
      const parted = separateLead(worked, united.pair, AT);
      t.match(parted, {
        owner: 'C9',
        state: 'won',
        stateAt: AT,
        closedAt: AT,
        lastActivityAt: AT,
        createdAt: a.createdAt,
      });
    }),
  );
});

t.test('only open leads of one scope become one', async (t) => {
  const pairs = (mine: Partial<Lead>, theirs: Partial<Lead>) =>
    uniteOpenLeads([aLead({ id: 'l1', ...mine })], [aLead({ id: 'l2', ...theirs })], AT).length;
  t.equal(pairs({}, {}), 1);
  t.equal(pairs({ scope: 'a' }, { scope: 'b' }), 0);
  t.equal(pairs({ state: 'won' }, {}), 0);
  t.equal(pairs({}, { state: 'dormant' }), 0);
  t.equal(pairs({ hidden: 'reverted' }, {}), 0);
  t.equal(pairs({}, { mergedInto: 'x' }), 0);
});

t.test('confirmed values go back to the side that brought them; later ones stay', async (t) => {
  const by = (v: string, at: number) => ({ v, at, by: 'adviser:A1' });
  const profile = (confirmed: Profile['confirmed'], address: Profile['confirmedAddress'] = null): Profile => ({
    ...EMPTY_PROFILE,
    confirmed,
    confirmedAddress: address,
  });
  const mine = profile({ name: by('王芳', 1), company: by('甲', 5) });
  const theirs = profile(
    { name: by('李四', 2), company: by('乙', 4), job_title: by('总监', 3) },
    { v: { city: '杭州' }, at: 3, by: 'x' },
  );
  const united = uniteProfiles(mine, theirs);
  t.match(united.confirmed, { name: { v: '李四' }, company: { v: '甲' }, job_title: { v: '总监' } });
  t.strictSame(separateConfirmed(united, mine, theirs), mine);
  const edited = { ...united, confirmed: { ...united.confirmed, name: by('王小芳', 9), industry: by('制造', 9) } };
  t.strictSame(separateConfirmed(edited, mine, theirs).confirmed, {
    name: by('王小芳', 9),
    company: by('甲', 5),
    industry: by('制造', 9),
  });
});
