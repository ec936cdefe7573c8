import fc from 'fast-check';
import t from 'tap';
import { climbLadder } from '../src/flows/climb-ladder.ts';
import { createSeedSource } from '../src/flows/seed.ts';
import { sweepDormancy } from '../src/flows/sweep-dormancy.ts';
import { staffed } from './helpers/staffed-stores.ts';
import { startWorking } from './helpers/working.ts';

const RUNS = Number(process.env['CLEW_LAW_RUNS'] ?? 15);
const HOUR = 3_600_000;
const BEGIN = Date.parse('2026-06-01T10:00:00+08:00');

/** What somebody does next; people are 0 to 2. */
const ACTIONS = ['touch', 'follow', 'close', 'state', 'owner', 'ladder', 'sweep', 'merge', 'unmerge', 'void'] as const;
const OFTEN = ['touch', 'merge', 'unmerge', 'merge', 'unmerge'] as const; // what needs another one first comes about too
const OPENING = [0, 1].map((person) => ({ kind: 'touch' as const, person, other: 0, hours: 0, pick: 1 }));
const action = fc.record({
  kind: fc.constantFrom(...ACTIONS, ...OFTEN),
  person: fc.integer({ min: 0, max: 2 }),
  other: fc.integer({ min: 0, max: 2 }),
  hours: fc.constantFrom(0, 1, 5, 30, 200, 800),
  pick: fc.integer({ min: 0, max: 4 }),
});

t.test(
  'a law: whatever is done, an open lead has one open task, any other has none, and none ends twice',
  async (t) => {
    const s = await startWorking(t);
    await staffed(s.db);
    let run = 0;
    let merges: { customer: string; merge_id: string }[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 14 }), async (actions) => {
        run += 1;
        merges = [];
        let now = BEGIN;
        const known = new Map<number, { lead_id: string; customer_id: string }>();
        for (const { kind, person, other, hours, pick } of [...OPENING, ...actions]) {
          now += hours * HOUR + 1000;
          s.setClock(now);
          const whose = known.get(person);
          const lead = whose?.lead_id;
          const body = { method: 'phone', content: 'x', outcome: 'no_answer' };
          const next_at = new Date(now + 50 * HOUR).toISOString();
          switch (kind) {
            case 'touch': {
              const phone = `13${String(run).padStart(6, '0')}${person}00`.padEnd(11, '1');
              const more = { store: 'S1', owner: pick === 0 ? undefined : 'A1', channel: `c${pick}` };
              known.set(person ?? 0, await s.capture1(phone, more));
              break;
            }
            case 'follow':
              if (lead !== undefined)
                await s.call('POST', `/v1/leads/${lead}/follow-ups`, { body: { ...body, next_at } });
              break;
            case 'close': {
              const state = [{ to: 'lost', reason: 'x' }, { to: 'dormant' }, { to: 'invalid', reason: 'no_answer' }][
                pick % 3
              ];
              if (lead !== undefined)
                await s.call('POST', `/v1/leads/${lead}/follow-ups`, { body: { ...body, state } });
              break;
            }
            case 'state': {
              const state = ['following', 'dormant', 'lost', 'invalid', 'won'][pick];
              const reason = { lost: 'x', invalid: 'no_answer' }[state ?? ''];
              const won = state === 'won' ? { amount: 1, currency: 'CNY' } : {};
              if (lead !== undefined)
                await s.call('POST', `/v1/leads/${lead}/state`, { body: { state, reason, ...won } });
              break;
            }
            case 'owner':
              if (lead !== undefined) {
                await s.call('POST', `/v1/leads/${lead}/owner`, { body: { owner: ['A1', 'A2', null][pick % 3] } });
              }
              break;
            case 'void':
              if (lead !== undefined) await s.call('POST', `/v1/leads/${lead}/state/void`, { body: { reason: 'x' } });
              break;
            case 'ladder':
              await climbLadder(s.db, s.vault, createSeedSource(), now, 500);
              break;
            case 'sweep':
              await sweepDormancy(s.db, s.vault, createSeedSource(), now, null, 5000);
              break;
            case 'merge': {
              const theirs = known.get(other);
              if (whose === undefined || theirs === undefined) break;
              const merge = { customer_id: theirs.customer_id, reason: 'x' };
              const reply = await s.call('POST', `/v1/customers/${whose.customer_id}/merge`, { body: merge });
              if (reply.status === 200) merges.push({ customer: whose.customer_id, merge_id: reply.body.merge_id });
              break;
            }
            case 'unmerge': {
              const last = merges.pop();
              if (last === undefined) break;
              await s.call('POST', `/v1/customers/${last.customer}/unmerge`, { body: { merge_id: last.merge_id } });
              break;
            }
          }
          await holds(kind);
        }
      }),
      { numRuns: RUNS, seed: 20_260_601 },
    );
    t.ok(
      (await s.db.selectFrom('task').select('end_state').distinct().execute()).length >= 2,
      'and some of it came about',
    );

    async function holds(kind: string): Promise<void> {
      const leads = await s.db
        .selectFrom('lead')
        .select(['id', 'state', 'merged_into', 'hidden', 'task', 'task_due_at', 'task_step_at'])
        .execute();
      const ended = new Set((await s.db.selectFrom('task').select('id').execute()).map(({ id }) => id));
      for (const lead of leads) {
        const open =
          ['new', 'assigned', 'following'].includes(lead.state) && lead.merged_into === null && lead.hidden === null;
        const task = lead.task as { readonly id: string } | null;
        if (open !== (task !== null)) throw new Error(`after ${kind}: ${JSON.stringify(lead)}`);
        if ((task === null) !== (lead.task_due_at === null)) throw new Error('the deadline is not that of the task');
        if (task === null && lead.task_step_at !== null) throw new Error('a step of no task');
        if (task !== null && ended.has(task.id)) throw new Error(`after ${kind}: an open task has ended`);
      }
    }
  },
);
