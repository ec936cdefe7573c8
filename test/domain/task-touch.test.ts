import fc from 'fast-check';
import t from 'tap';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar.ts';
import { climb } from '../../src/domain/climb.ts';
import { type Directory, EMPTY_DIRECTORY } from '../../src/domain/directory.ts';
import type { Lead } from '../../src/domain/lead.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import type { Rating } from '../../src/domain/rating.ts';
import { taskGiven, taskTouch } from '../../src/domain/task-touch.ts';
import type { TouchTaken, Worked } from '../../src/domain/working.ts';
import { aLead } from '../helpers/lead.ts';

const HOUR = 3_600_000;
const monday = (time: string, date = 1) => Date.parse(`2026-06-0${date}T${time}:00+08:00`);
const DIRECTORY: Directory = {
  ...EMPTY_DIRECTORY,
  stores: new Map([
    [
      'S1',
      {
        code: 'S1',
        name: 'S1',
        region: null,
        cities: [],
        calendar: DEFAULT_CALENDAR,
        pick: 'round_robin',
        manager: 'M1',
        active: true,
        externalRef: null,
        version: 1,
      },
    ],
  ]),
};

/** What the step of a touch needs; the rest of a touch says nothing to it. */
function touched(lead: Lead, at: number, mode: 'live' | 'history' = 'live', directory = DIRECTORY): Worked {
  const policy = { version: 1, document: DEFAULT_POLICY };
  return taskTouch({
    lead,
    taskId: `task-${at}`,
    policy,
    staffing: { directory },
    settled: { mode },
    at,
  } as TouchTaken);
}

t.test('scenarios 52 and 79: due by the rating, in the hours of the store', async (t) => {
  const due = (rating: Rating | null) => touched(aLead({ rating, state: 'new' }), monday('17:30')).lead.task?.dueAt;
  t.equal(due('high'), monday('09:30', 2));
  t.equal(due('medium'), monday('17:30', 2));
  t.equal(due('low'), monday('17:30', 3));
  t.equal(due(null), due('medium'), 'one that nobody has rated');
  const order = touched(aLead({ rating: 'high', state: 'assigned' }), monday('10:00'));
  t.match(order.lead, { task: { kind: 'first_contact', dueAt: monday('11:00') }, taskStepAt: monday('10:45') });
  t.match(order.facts, [{ type: 'task.created', data: { due_at: '2026-06-01T03:00:00.000Z' } }]);
});

t.test('history, what is closed, and a deployment that works no leads have no task', async (t) => {
  t.equal(touched(aLead(), monday('10:00'), 'history').lead.task, null);
  t.equal(touched(aLead({ state: 'invalid' }), monday('10:00')).lead.task, null);
  t.equal(touched(aLead(), monday('10:00'), 'live', EMPTY_DIRECTORY).lead.task, null);
});

t.test('a rating that rises brings the task forward; one that falls puts nothing off', async (t) => {
  const { lead } = touched(aLead({ rating: 'medium', state: 'assigned' }), monday('10:00'));
  const risen = touched({ ...lead, rating: 'high' }, monday('11:00'));
  t.match(risen.lead.task, { id: lead.task?.id, dueAt: monday('12:00'), rating: 'high' });
  t.match(risen.facts, [{ type: 'task.changed', data: { former_due_at: '2026-06-02T02:00:00.000Z' } }]);
  const late = touched({ ...lead, rating: 'high' }, monday('11:00', 3));
  t.strictSame([late.lead.task, late.facts], [lead.task, []], 'overdue: it stays so');
  const fallen = touched({ ...risen.lead, rating: 'low' }, monday('11:30'));
  t.strictSame([fallen.lead.task, fallen.facts], [risen.lead.task, []]);
});

t.test('an agreed time stays when the lead is given to another, an overdue one does not', async (t) => {
  const task = {
    id: 'x',
    kind: 'follow_up',
    openedAt: monday('10:00'),
    dueAt: monday('15:00', 5),
    rating: 'medium',
    steps: [],
    externalRef: null,
  } as const;
  const lead = aLead({ task, formerOwner: 'A2', rating: 'medium' });
  t.strictSame(taskGiven(lead, monday('10:00', 4), 'y', DEFAULT_POLICY, DIRECTORY).lead.task, task);
  const given = taskGiven(lead, monday('10:00', 6), 'y', DEFAULT_POLICY, DIRECTORY);
  t.match(given.lead.task, { id: 'x', dueAt: monday('10:00', 7), openedAt: monday('10:00', 6) });
});

t.test(
  'a law: however often the ladder is looked at, its steps are told in order, each once, and it comes to an end',
  async () => {
    const moments = fc.array(fc.integer({ min: 0, max: 24 * 14 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(moments, fc.boolean(), (hours, owned) => {
        const begun = monday('10:00');
        const state = owned ? 'assigned' : 'new';
        let { lead } = touched(aLead({ state, owner: owned ? 'A1' : null, ownerSince: begun }), begun);
        const told: string[] = [];
        for (const [n, hour] of [...hours].sort((a, b) => a - b).entries()) {
          const climbed = climb(lead, begun + hour * HOUR, `next-${n}`, DEFAULT_POLICY, DIRECTORY);
          lead = climbed.lead;
          told.push(...climbed.facts.map(({ type }) => type));
          if (lead.task === null) return false;
          if (
            lead.taskStepAt !== null &&
            lead.taskStepAt <= begun + hour * HOUR &&
            lead.task.openedAt !== begun + hour * HOUR
          )
            return false;
        }
        const ladder = ['task.due', 'task.overdue', 'task.escalated'];
        const whole = owned ? [...ladder, 'task.recycled', 'task.created', ...ladder] : ladder;
        return told.length <= whole.length && told.every((type, n) => type === whole[n]);
      }),
      { numRuns: 300, seed: 20_260_601 },
    );
  },
);
