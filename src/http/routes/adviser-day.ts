import { Type } from 'typebox';
import type { Directory } from '../../domain/directory.ts';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import { leadRecord } from '../../domain/lead-record.ts';
import { DAY_MS, dayStart, wallOf } from '../../domain/zone.ts';
import { readDirectory } from '../../store/directory.ts';
import { sessionOf } from '../../store/session.ts';
import { listOpenTasks, type TaskFilter } from '../../store/task-list.ts';
import { grantOf } from '../actor.ts';
import type { Routes } from '../deps.ts';
import { problem } from '../problem.ts';
import { readMoments } from '../query.ts';
import { auditFullRead } from '../read-in-full.ts';
import { AdviserDayAnswer } from '../schemas/task.ts';
import { sightOf } from '../sight.ts';
import { openTaskAnswer } from '../views/task.ts';
import { reachOf } from '../visibility.ts';

const MOST = 200; // of each part: nobody does more in a day, and the list of tasks has them all

const CodeParams = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 64, description: '顾问代码.', examples: ['A1'] }),
});
const DayQuery = Type.Object(
  {
    date: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
        description: '日期, in the zone of the adviser; today where absent.',
        examples: ['2026-06-01'],
      }),
    ),
  },
  { additionalProperties: false },
);

/** GET /v1/advisers/:code/day: what an adviser has to do on a day. */
export const adviserDayRoutes: Routes = (app, deps) => {
  app.get('/v1/advisers/:code/day', {
    schema: {
      tags: ['tasks'],
      summary: '顾问日程: what an adviser has to do on a day',
      description: `What is overdue, what is due on the day, and new leads that are due later, at most ${MOST} of each, with their leads. The day is that of the zone of the adviser's shifts, else of their first store. A key bound to stores or to an adviser gets the leads that it reads.`,
      params: CodeParams,
      querystring: DayQuery,
      response: { 200: AdviserDayAnswer },
    },
    config: { scope: 'leads:read' },
    handler: async (request) => {
      const { code: adviser } = request.params;
      const now = deps.clock();
      const directory = await deps.db.transaction().execute((tx) => readDirectory(sessionOf(tx)));
      const zone = zoneOf(directory, adviser);
      if (zone === null) throw problem('not_found', { detail: 'There is no such adviser.' });
      const { date: asked } = readMoments(request.query, ['date']);
      // Noon: the date as it was asked, in whatever zone the adviser is.
      const day = asked === undefined ? dayStart(zone, now) : startOf(zone, request.query.date ?? '');
      const until = dayStart(zone, day + 1.5 * DAY_MS);
      const overdueAt = Math.min(Math.max(now, day), until);
      const reach = reachOf(grantOf(request));
      const base: TaskFilter = { adviser, ...(reach === null ? {} : { reach }) };
      const sight = sightOf(request);
      const part = async (filter: TaskFilter) => {
        const rows = await listOpenTasks(deps.db, deps.vault, { ...base, ...filter }, { after: null, limit: MOST + 1 });
        const items = rows.slice(0, MOST).flatMap((listed) => {
          const { lead, root } = listed;
          if (lead.task === null) return [];
          return [{ task: openTaskAnswer(lead, root, lead.task, now, sight), lead: leadRecord(listed, sight) }];
        });
        return { items, more: rows.length > MOST };
      };
      const overdue = await part({ dueBefore: overdueAt });
      const due = await part({ dueFrom: overdueAt, dueBefore: until });
      const later = await part({ dueFrom: until, kind: 'first_contact' });
      const parts = { overdue, due, later };
      const ids = Object.values(parts).flatMap(({ items }) => items.map(({ lead }) => lead.id));
      await auditFullRead(deps, request, sight, { kind: 'lead', id: null, ids });
      const more = Object.entries(parts).flatMap(([name, { more }]) => (more ? [name] : []));
      const date = formatInstant(wallOf(zone, day)).slice(0, 10);
      return { adviser, date, zone, overdue: overdue.items, due: due.items, later: later.items, more };
    },
  });
};

/** The zone that an adviser's days are counted in; null: there is no such adviser. */
function zoneOf({ advisers, stores }: Directory, code: string): string | null {
  const adviser = advisers.get(code);
  if (adviser === undefined) return null;
  const [first] = adviser.stores;
  return (
    adviser.shifts?.zone ?? (first === undefined ? undefined : stores.get(first)?.calendar.zone) ?? 'Asia/Shanghai'
  );
}

/** The moment at which a date begins in a zone. */
function startOf(zone: string, date: string): Instant {
  const noon = Date.parse(`${date}T12:00:00Z`);
  return dayStart(zone, noon - (wallOf(zone, noon) - noon));
}
