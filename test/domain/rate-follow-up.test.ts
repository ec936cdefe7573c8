import t from 'tap';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { rateFollowUp } from '../../src/domain/rate-follow-up.ts';
import { NO_FACTS } from '../../src/domain/rating-facts.ts';
import { FOLLOW_UP_OUTCOMES } from '../../src/domain/task.ts';
import { aLead, day } from '../helpers/lead.ts';

const POLICY = { version: 7, document: DEFAULT_POLICY };
const LEAD = aLead({
  rating: 'medium',
  ratingFacts: {
    ...NO_FACTS,
    base: { rating: 'medium', touchId: 't1', at: day(3) },
    touchAt: day(3),
    rule: 'rating.base',
    evidence: ['t1'],
  },
});

function followed(outcomes: readonly (typeof FOLLOW_UP_OUTCOMES)[number][]) {
  return outcomes.reduce(
    ({ lead }, outcome, i) => rateFollowUp(lead, { id: `f${i + 1}`, at: day(3, i + 1), outcome }, {}, POLICY),
    { lead: LEAD, facts: [] } as ReturnType<typeof rateFollowUp>,
  );
}

t.test('scenario 58: three unanswered one after another make it low, with the three as evidence', async (t) => {
  t.equal(followed(['no_answer', 'no_answer']).lead.rating, 'medium');
  const { lead, facts } = followed(['no_answer', 'no_answer', 'no_answer']);
  t.match(lead, { rating: 'low', ratingFacts: { rule: 'rating.unanswered', policyVersion: 7 } });
  t.strictSame(facts, [
    {
      type: 'lead.rating_changed',
      rule: 'rating.unanswered',
      data: {
        from: 'medium',
        to: 'low',
        rating_rule: 'rating.unanswered',
        evidence: ['f1', 'f2', 'f3'],
        cycle: 1,
      },
    },
  ]);
});

t.test('every outcome but no_answer is an answer and begins the count again', async (t) => {
  for (const outcome of FOLLOW_UP_OUTCOMES.filter((other) => other !== 'no_answer')) {
    const counted = followed(['no_answer', 'no_answer', outcome, 'no_answer', 'no_answer']).lead;
    t.equal(counted.rating, 'medium', outcome);
    t.strictSame(
      counted.ratingFacts?.unanswered.map(({ id }) => id),
      ['f4', 'f5'],
      outcome,
    );
    const raised = followed(['no_answer', 'no_answer', 'no_answer', outcome]);
    t.match(raised, { lead: { rating: 'medium' }, facts: [{ data: { from: 'low', to: 'medium' } }] }, outcome);
  }
});

t.test('the same follow-up again, or one before the newest touch or answer, does not count', async (t) => {
  const { lead } = followed(['answered', 'no_answer', 'no_answer']);
  const at = day(3, 2);
  for (const followUp of [
    { id: 'f2', at },
    { id: 'f0', at: day(3, -1) },
    { id: 'f9', at: day(3, 1) },
  ]) {
    const again = rateFollowUp(lead, { ...followUp, outcome: 'no_answer' }, {}, POLICY);
    t.strictSame([again.lead.rating, again.facts, again.lead.ratingFacts?.unanswered.length], ['medium', [], 2]);
  }
});
