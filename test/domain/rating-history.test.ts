import fc from 'fast-check';
import t from 'tap';
import { withChannelTouch } from '../../src/domain/channel-touches.ts';
import type { Lead } from '../../src/domain/lead.ts';
import type { ChannelTouches } from '../../src/domain/person.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { rateFollowUp } from '../../src/domain/rate-follow-up.ts';
import { rateLead } from '../../src/domain/rate-lead.ts';
import type { Rating } from '../../src/domain/rating.ts';
import { NO_FACTS, ratingOfTouch, uniteFacts, withTouch } from '../../src/domain/rating-facts.ts';
import { type LeadFollowUp, type RatedTouch, rateFromHistory } from '../../src/domain/rating-history.ts';
import { aLead, day } from '../helpers/lead.ts';

const POLICY = { version: 3, document: DEFAULT_POLICY };
const HALF_DAYS = 160; // 80 days: channels come and go within the 30 of the window
const HALF_DAY_MS = 43_200_000;

type Happened =
  | { readonly kind: 'touch'; readonly touch: RatedTouch }
  | { readonly kind: 'follow_up'; readonly followUp: LeadFollowUp }
  | { readonly kind: 'manual'; readonly at: number; readonly rating: Rating };

/** Moments differ: what happened at the same one has no order. */
const history: fc.Arbitrary<readonly Happened[]> = fc
  .uniqueArray(
    fc.record({
      at: fc.integer({ min: 0, max: HALF_DAYS }),
      what: fc.oneof(
        fc.record({
          kind: fc.constant('touch' as const),
          channel: fc.constantFrom('shop', 'event', 'douyin', 'search'),
          by: fc.constantFrom('order' as const, 'form' as const, 'call' as const),
        }),
        fc.record({
          kind: fc.constant('follow_up' as const),
          outcome: fc.constantFrom(
            'no_answer' as const,
            'no_answer' as const,
            'no_answer' as const,
            'answered' as const,
          ),
        }),
      ),
    }),
    { selector: ({ at }) => at, minLength: 1, maxLength: 14 },
  )
  .map((all) => all.map(({ at, what }) => happened(day(3) + at * HALF_DAY_MS, at, what)));

function happened(
  at: number,
  n: number,
  what:
    | { kind: 'touch'; channel: string; by: 'order' | 'form' | 'call' }
    | { kind: 'follow_up'; outcome: 'no_answer' | 'answered' },
): Happened {
  const of = { leadId: 'lead-1', cycle: 1 };
  if (what.kind === 'follow_up')
    return { kind: 'follow_up', followUp: { ...of, id: `f${n}`, at, outcome: what.outcome } };
  return { kind: 'touch', touch: { ...of, id: `t${n}`, occurredAt: at, channel: what.channel, kind: what.by } };
}

interface State {
  readonly lead: Lead;
  readonly channels: ChannelTouches;
}

function begin(): State {
  return { lead: aLead(), channels: {} };
}

/** One more thing, as ingest, a follow-up or somebody by hand puts it. */
function take({ lead, channels }: State, one: Happened): State {
  switch (one.kind) {
    case 'touch': {
      const { id, channel, kind, occurredAt: at } = one.touch;
      const known = withChannelTouch(channels, channel, { id, at });
      const rating = ratingOfTouch(channel, kind, DEFAULT_POLICY.rating);
      const facts = withTouch(lead.ratingFacts ?? NO_FACTS, { id, at, rating });
      return { lead: rateLead(lead, facts, known, POLICY), channels: known };
    }
    case 'follow_up':
      return { lead: rateFollowUp(lead, one.followUp, channels, POLICY).lead, channels };
    case 'manual': {
      const manual = { rating: one.rating, at: one.at, actor: 'a', reason: null, over: null };
      return { lead: rateLead(lead, { ...(lead.ratingFacts ?? NO_FACTS), manual }, channels, POLICY), channels };
    }
  }
}

function scratch(lead: Lead, all: readonly Happened[]): Lead {
  const touches = all.flatMap((one) => (one.kind === 'touch' ? [one.touch] : []));
  const followUps = all.flatMap((one) => (one.kind === 'follow_up' ? [one.followUp] : []));
  return rateFromHistory([lead], touches, followUps, POLICY)[0] ?? lead;
}

/** What has to be the same; which of several touches ended a rating by hand is a matter of arrival. */
function said({ rating, ratingFacts: facts }: Lead): unknown {
  return {
    rating,
    ...facts,
    manual: facts?.manual == null ? null : { ...facts.manual, over: facts.manual.over !== null },
  };
}

t.test('whatever the order of arrival, the rating is the one from scratch', async (t) => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.nat()), (all, chance) => {
      const keyed = all.map((one) => ({ one, key: chance.next().value as number }));
      const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ one }) => one);
      const { lead } = shuffled.reduce(take, begin());
      seen.add(lead.ratingFacts?.rule ?? '');
      t.strictSame(said(lead), said(scratch(aLead(), all)));
    }),
    { numRuns: 150 },
  );
  t.strictSame([...seen].sort(), ['rating.base', 'rating.channels', 'rating.none', 'rating.unanswered']);
});

t.test('a rating by hand ends with the first touch after it, whatever came before', async (t) => {
  fc.assert(
    fc.property(history, fc.integer({ min: 0, max: HALF_DAYS }), (all, n) => {
      const at = day(3) + n * HALF_DAY_MS + 1;
      const before = all.filter((one) => momentOf(one) < at);
      const known = take(before.reduce(take, begin()), { kind: 'manual', at, rating: 'low' });
      t.match(known.lead, { rating: 'low', ratingFacts: { rule: 'rating.manual' } });
      const { lead } = all.filter((one) => momentOf(one) > at).reduce(take, known);
      t.strictSame(said(lead), said(scratch(lead, all)));
      const ends = all.some((one) => one.kind === 'touch' && momentOf(one) > at);
      t.equal(lead.ratingFacts?.rule === 'rating.manual', !ends);
    }),
    { numRuns: 80 },
  );
});

t.test('without a touch, the rating is that of what is left', async (t) => {
  fc.assert(
    fc.property(history, (all) => {
      const { lead } = all.reduce(take, begin());
      const left = all.slice(1);
      t.strictSame(
        said(scratch(lead, left)),
        said(
          left.reduce(take, begin()).lead.ratingFacts === null
            ? scratch(aLead(), left)
            : left.reduce(take, begin()).lead,
        ),
      );
    }),
    { numRuns: 80 },
  );
});

t.test('two leads that become one have the facts of the united history', async (t) => {
  fc.assert(
    fc.property(history, fc.integer({ min: 0, max: 14 }), (all, cut) => {
      const [mine, theirs] = [all.slice(0, cut), all.slice(cut)].map((part) => part.reduce(take, begin()).lead);
      const facts = uniteFacts(mine?.ratingFacts ?? NO_FACTS, theirs?.ratingFacts ?? NO_FACTS);
      const { rule: _r, evidence: _e, policyVersion: _p, ...united } = facts;
      const {
        rule: _rule,
        evidence: _evidence,
        policyVersion: _version,
        ...whole
      } = scratch(aLead(), all).ratingFacts ?? NO_FACTS;
      t.strictSame(united, whole);
    }),
    { numRuns: 80 },
  );
});

t.test('a closed lead keeps its rating and remembers what it took', async (t) => {
  const rated = take(begin(), happened(day(3), 0, { kind: 'touch', channel: 'event', by: 'form' })).lead;
  const lost = { ...rated, state: 'lost' as const };
  const { lead } = take(
    { lead: lost, channels: {} },
    happened(day(2), 1, { kind: 'touch', channel: 'shop', by: 'order' }),
  );
  t.match(lead, { rating: 'medium', ratingFacts: { rule: 'rating.base', evidence: ['t0'], base: { touchId: 't1' } } });
});

function momentOf(one: Happened): number {
  return one.kind === 'touch' ? one.touch.occurredAt : one.kind === 'follow_up' ? one.followUp.at : one.at;
}
