import fc from 'fast-check';
import t from 'tap';
import { DAY_MS, fallAsleep, idleLimit, isOpen, LEAD_STATES, type LeadState } from '../../src/domain/lead.ts';
import {
  allowedMoves,
  changeState,
  HAND_STATES,
  type HandState,
  otherOpenLead,
  type StateChange,
  voidClose,
} from '../../src/domain/state.ts';
import { aLead, day } from '../helpers/lead.ts';

const DAYS = 30;

function to(state: HandState, over: Partial<StateChange> = {}): StateChange {
  const won = { amount: 100, currency: 'CNY', wonAt: day(3, 5), closerNamed: false, timeNamed: false };
  return {
    to: state,
    reason: null,
    occurredAt: day(3, 5),
    at: day(3, 6),
    owner: 'A1',
    closer: 'A1',
    won: state === 'won' ? won : null,
    ...over,
  };
}

function inState(state: LeadState) {
  const closed = isOpen(state) ? null : day(3, 1);
  const owner = state === 'new' ? null : 'A1';
  return aLead({
    state,
    owner,
    closedAt: closed,
    dormantBy: state === 'dormant' ? 'adviser' : null,
    reason: state === 'invalid' ? 'spam' : null,
  });
}

t.test('every move that is allowed, and no other', async (t) => {
  const table: Record<LeadState, readonly HandState[]> = {
    new: ['assigned', 'following', 'won', 'lost', 'dormant', 'invalid'],
    assigned: ['following', 'won', 'lost', 'dormant', 'invalid'],
    following: ['won', 'lost', 'dormant', 'invalid'],
    dormant: ['following', 'won', 'lost', 'invalid'],
    invalid: ['following'],
    won: [],
    lost: [],
  };
  for (const from of LEAD_STATES) {
    t.strictSame(allowedMoves(inState(from)), table[from], from);
    for (const state of HAND_STATES) {
      const verdict = changeState(
        inState(from),
        [],
        null,
        to(state, { reason: state === 'lost' ? 'x' : null, owner: 'A2' }),
        DAYS,
      );
      if (table[from].includes(state)) {
        t.equal(verdict.kind, 'changed', `${from} → ${state}`);
        if (verdict.kind === 'changed') t.equal(verdict.lead.state, state);
      } else t.not(verdict.kind, 'changed', `${from} → ${state}`);
    }
  }
});

t.test('what a move leaves on the lead', async (t) => {
  const moved = (from: LeadState, state: HandState, over: Partial<StateChange> = {}) => {
    const verdict = changeState(inState(from), [], null, to(state, over), DAYS);
    if (verdict.kind !== 'changed') throw new Error(verdict.kind);
    return verdict.lead;
  };
  t.match(moved('following', 'won'), {
    closedAt: day(3, 5),
    stateAt: day(3, 5),
    priorState: 'following',
    closer: 'A1',
    closerStore: 'S1',
    reason: null,
  });
  t.match(moved('following', 'lost', { reason: 'x' }), {
    closedAt: day(3, 5),
    priorState: 'following',
    reason: 'x',
    closer: null,
  });
  t.match(moved('following', 'dormant'), { closedAt: day(3, 5), dormantBy: 'adviser', priorState: null });
  t.match(moved('dormant', 'following'), { closedAt: null, dormantBy: null, lastActivityAt: day(3, 5), cycle: 1 });
  t.match(moved('invalid', 'following'), { closedAt: null, reason: null });
  t.match(moved('new', 'assigned', { owner: 'A2' }), {
    owner: 'A2',
    ownerSince: day(3, 6),
    lastReceivedAt: day(3, 6),
    version: 2,
  });
});

t.test('only one lead of a scope can be open', async (t) => {
  const asleep = inState('dormant');
  const open = aLead({ id: 'lead-2', state: 'new' });
  t.equal(otherOpenLead([asleep, open], asleep), open);
  for (const other of [{ scope: 'b' }, { mergedInto: 'lead-1' }, { hidden: 'reverted' }, { state: 'won' as const }]) {
    t.equal(otherOpenLead([asleep, aLead({ ...open, ...other })], asleep), null);
  }
  t.match(changeState(asleep, [asleep, open], null, to('following'), DAYS), { kind: 'refused', openLead: 'lead-2' });
  t.match(changeState(asleep, [asleep, open], null, to('lost', { reason: 'x' }), DAYS), { kind: 'changed' });
});

t.test('law: whether the sweep came by changes no verdict and no lead that comes of it', async (t) => {
  const openState = fc.constantFrom('new' as const, 'assigned' as const, 'following' as const);
  fc.assert(
    fc.property(
      openState,
      fc.constantFrom(...HAND_STATES),
      fc.integer({ min: 0, max: 90 * DAY_MS }),
      (from, state, after) => {
        const lead = { ...inState(from) };
        const swept = fallAsleep(lead, idleLimit(lead, DAYS));
        const change = to(state, {
          occurredAt: lead.lastActivityAt + after,
          reason: state === 'lost' ? 'x' : null,
          owner: 'A2',
        });
        const [a, b] = [changeState(lead, [lead], null, change, DAYS), changeState(swept, [swept], null, change, DAYS)];
        t.strictSame(b, a, `${from} → ${state} after ${after / DAY_MS} days`);
      },
    ),
    { numRuns: 200 },
  );
});

t.test('law: the same change again is unchanged', async (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...LEAD_STATES),
      fc.constantFrom(...HAND_STATES),
      fc.integer({ min: 1, max: 20 }),
      (from, state, days) => {
        const change = to(state, {
          occurredAt: day(3, days),
          reason: state === 'lost' ? 'x' : state === 'invalid' ? 'spam' : null,
        });
        const first = changeState(inState(from), [], null, change, DAYS);
        if (first.kind !== 'changed') return;
        const again = changeState(first.lead, [first.lead], change.won, change, DAYS);
        t.equal(again.kind, 'unchanged', `${from} → ${state}`);
      },
    ),
  );
});

t.test('a win or a loss taken back', async (t) => {
  const when = { occurredAt: day(3, 9), at: day(3, 9) };
  for (const state of LEAD_STATES) {
    const verdict = voidClose(inState(state), [], null, when);
    t.equal(verdict.kind, state === 'won' || state === 'lost' ? 'changed' : 'refused', state);
  }
  fc.assert(
    fc.property(
      fc.constantFrom('new' as const, 'assigned' as const, 'following' as const),
      fc.constantFrom('won' as const, 'lost' as const),
      (from, state) => {
        const before = inState(from);
        const closed = changeState(before, [], null, to(state, { reason: state === 'lost' ? 'x' : null }), DAYS);
        if (closed.kind !== 'changed') throw new Error(closed.kind);
        const back = voidClose(closed.lead, [], { closedAt: before.closedAt, reason: before.reason }, when);
        if (back.kind !== 'changed') throw new Error(back.kind);
        const { stateAt, lastActivityAt, version, updatedAt, ...rest } = back.lead;
        const { stateAt: _s, lastActivityAt: _l, version: _v, updatedAt: _u, ...was } = before;
        t.strictSame(rest, was);
        t.equal(stateAt, when.occurredAt);
      },
    ),
  );
});
