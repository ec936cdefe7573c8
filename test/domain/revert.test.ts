import t from 'tap';
import { type LeadFact, planRevert, type RevertedPerson, type RevertedTouch } from '../../src/domain/revert.ts';
import { aLead, day } from '../helpers/lead.ts';

const LEAD = aLead({ state: 'new', cycle: 2 });
const BEFORE = { state: 'dormant', cycle: 1 } as const;
const ROW = { submissionId: 's2', touchId: 't2', before: BEFORE };

function touch(n: number, over: Partial<RevertedTouch> = {}): RevertedTouch {
  return { id: `t${n}`, leadId: LEAD.id, submissionId: `s${n}`, voidReason: null, spokenBy: [`s${n}`], ...over };
}

function fact(sequence: number, over: Partial<LeadFact> = {}): LeadFact {
  return { leadId: LEAD.id, sequence, type: 'lead.touched', rule: null, submissionId: `s${sequence}`, ...over };
}

function person(over: Partial<RevertedPerson> = {}): RevertedPerson {
  const facts = [fact(1), fact(2)];
  return { leads: [LEAD], touches: [touch(1), touch(2)], facts, withDeals: new Set(), ...over };
}

t.test('a lead that only these rows have touched since is as it was before', async (t) => {
  const plan = planRevert(person(), [ROW], 'spare');
  t.strictSame(
    plan.voided.map(({ id }) => id),
    ['t2'],
  );
  t.match(plan.leads, [{ id: LEAD.id, state: 'dormant', cycle: 1, hidden: null }]);
});

t.test('where something else happened since, only values change', async (t) => {
  const swept = fact(3, { type: 'lead.state_changed', rule: 'dormant.idle', submissionId: null });
  for (const facts of [
    [fact(1), fact(2), fact(3)],
    [fact(1), fact(2), swept],
  ]) {
    const plan = planRevert(person({ facts }), [ROW], 'spare');
    t.equal(plan.voided.length, 1);
    t.strictSame(plan.leads, []);
  }
});

t.test('a lead that was worked since is left alone, but by force; work before the rows does not count', async (t) => {
  const work = { type: 'lead.owner_changed', rule: 'owner.by_hand', submissionId: null };
  const since = person({ facts: [fact(2), fact(3, work)] });
  const spared = planRevert(since, [ROW], 'spare');
  t.strictSame([spared.voided, spared.leads, [...spared.kept]], [[], [], ['s2']]);
  t.equal(planRevert(since, [ROW], 'force').voided.length, 1);
  t.equal(planRevert(person({ facts: [fact(1, work), fact(2)] }), [ROW], 'spare').voided.length, 1);
});

t.test(
  'a lead whose touches were all brought by imports is hidden, with a deal or a voided touch of others it is not',
  async (t) => {
    const rows = [{ ...ROW, before: null }];
    const gone = planRevert(
      person({ touches: [touch(2), touch(3, { voidReason: 'import_reverted' })] }),
      rows,
      'spare',
    );
    t.match(gone.leads, [{ hidden: 'reverted' }]);
    t.strictSame([...gone.hidden], [LEAD.id]);
    const by = person({ touches: [touch(2), touch(3, { voidReason: 'test_data' })] });
    t.equal(planRevert(by, rows, 'spare').hidden.size, 0);
    const sold = person({ touches: [touch(2)], withDeals: new Set([LEAD.id]) });
    t.equal(planRevert(sold, rows, 'spare').hidden.size, 0);
  },
);

t.test('a row that spoke of a touch of another submission is silenced; one that made its touch is not', async (t) => {
  const rows = [{ submissionId: 's9', touchId: 't1', before: null }, ROW];
  const plan = planRevert(person({ touches: [touch(1, { spokenBy: ['s1', 's9'] }), touch(2)] }), rows, 'spare');
  t.strictSame(plan.silenced, ['s9']);
  t.strictSame(
    plan.voided.map(({ id }) => id),
    ['t2'],
  );
});

t.test('a touch that somebody else spoke of since stays', async (t) => {
  const spoken = person({ touches: [touch(2, { spokenBy: ['s2', 's7'] })] });
  t.strictSame([...planRevert(spoken, [ROW], 'spare').kept], ['s2']);
  t.equal(planRevert(spoken, [ROW], 'force').voided.length, 1);
});

t.test('a lead that was merged away keeps its state', async (t) => {
  const merged = { ...LEAD, mergedInto: 'lead-2' };
  const into = aLead({ id: 'lead-2', createdAt: day(1) });
  const facts = [fact(1), fact(2), fact(3, { type: 'lead.merged', submissionId: null })];
  const plan = planRevert(person({ leads: [merged, into], facts }), [ROW], 'force');
  t.strictSame(plan.leads, []);
});
