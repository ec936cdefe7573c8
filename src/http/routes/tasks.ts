import { Type } from 'typebox';
import { listEndedTasks, listOpenTasks, type TaskFilter } from '../../store/task-list.ts';
import { findTask } from '../../store/task-read.ts';
import { grantOf } from '../actor.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { requireReach } from '../open-lead.ts';
import { problem } from '../problem.ts';
import { pageQuery, queryMoment, readMoments } from '../query.ts';
import { auditFullRead } from '../read-in-full.ts';
import { NamedParams } from '../schemas/named-params.ts';
import { TASK_STATES, TaskAnswer, TaskPageAnswer, type TaskState } from '../schemas/task.ts';
import { sightOf } from '../sight.ts';
import { endedTaskAnswer, openTaskAnswer } from '../views/task.ts';
import { reachOf } from '../visibility.ts';

const code = (description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 100, description, examples: [example] }));

const TaskQuery = Type.Object(
  {
    state: Type.Optional(
      Type.Unsafe<TaskState>({ type: 'string', enum: [...TASK_STATES], default: 'open', description: '任务状态.' }),
    ),
    adviser: code('顾问代码, or `ref:` and the external_ref: whose they are, or were when they ended.', 'A1'),
    store: code('门店代码, or `ref:` and the external_ref.', 'S1'),
    lead: Type.Optional(
      Type.String({ ...NamedParams.properties.id, description: '线索 id, or `ref:` and its external_ref.' }),
    ),
    external_ref: code('外部编号 of the task.', 'crm-task-1'),
    due_before: queryMoment('截止时间 before, exclusive.'),
    overdue: Type.Optional(
      Type.Boolean({ description: '超期: true for those due before now, or that ended after they were due.' }),
    ),
    ...pageQuery,
  },
  { additionalProperties: false },
);

const ABOUT =
  'Open ones soonest due first; ended ones newest first. A key bound to stores or to an adviser gets those of the leads that it reads. With `pii:read` and `Access-Reason` the content is in full and the reading is audited.';

/** GET /v1/tasks and GET /v1/tasks/:id. */
export const taskRoutes: Routes = (app, deps) => {
  app.get('/v1/tasks', {
    schema: {
      tags: ['tasks'],
      summary: '任务列表: list tasks',
      description: ABOUT,
      querystring: TaskQuery,
      response: { 200: TaskPageAnswer },
    },
    config: {
      scope: 'leads:read',
      problems: ['cursor_invalid'],
      refs: { lead: 'lead', adviser: 'adviser', store: 'store' },
    },
    handler: async (request) => {
      const { cursor, limit = 50, ...asked } = request.query;
      const { state = 'open', adviser, store, lead, external_ref, overdue } = asked;
      const { due_before } = readMoments(asked, ['due_before']);
      const question = { tasks: true, ...asked, state };
      const place = readCursor(question, cursor, 1);
      const page = { after: place === null ? null : { at: place.keys[0] ?? 0, id: place.id }, limit: limit + 1 };
      const reach = reachOf(grantOf(request));
      const filter: TaskFilter = {
        ...(adviser === undefined ? {} : { adviser }),
        ...(store === undefined ? {} : { store }),
        ...(lead === undefined ? {} : { leadId: lead.toLowerCase() }),
        ...(external_ref === undefined ? {} : { externalRef: external_ref }),
        ...(due_before === undefined ? {} : { dueBefore: due_before }),
        ...(overdue === true ? { overdueAt: deps.clock() } : {}),
        ...(reach === null ? {} : { reach }),
      };
      const sight = sightOf(request);
      const rows = await answersOf(deps, state, filter, page, sight);
      const { items, next } = pageOf(question, rows, limit, ({ at, task }) => ({ keys: [at], id: task.id }));
      const ids = items.filter(({ task }) => task.content !== null).map(({ task }) => task.lead_id);
      await auditFullRead(deps, request, sight, { kind: 'lead', id: null, ids });
      return { items: items.map(({ task }) => task), next_cursor: next };
    },
  });

  app.get('/v1/tasks/:id', {
    schema: {
      tags: ['tasks'],
      summary: '任务详情: one task',
      description: 'Open or ended.',
      params: NamedParams,
      response: { 200: TaskAnswer },
    },
    config: { scope: 'leads:read', problems: ['gone', 'other_store'] },
    handler: async (request) => {
      const found = await findTask(deps.db, deps.vault, request.params.id.toLowerCase());
      if (found === null) throw problem('not_found', { detail: 'There is no such task.' });
      const { lead, root, ended } = found;
      if (lead.hidden === 'erased') throw problem('gone');
      requireReach(request, found);
      const sight = sightOf(request);
      await auditFullRead(deps, request, sight, {
        kind: 'lead',
        id: lead.id,
        ids: ended === null || ended.content === null ? [] : [lead.id],
      });
      if (ended !== null) return endedTaskAnswer(ended, root, sight);
      if (lead.task === null) throw problem('not_found', { detail: 'There is no such task.' });
      return openTaskAnswer(lead, root, lead.task, deps.clock(), sight);
    },
  });
};

/** A page of tasks with the moments that it is ordered by. */
async function answersOf(
  { db, vault, clock }: RouteDeps,
  state: TaskState,
  filter: TaskFilter,
  page: Parameters<typeof listOpenTasks>[3],
  sight: ReturnType<typeof sightOf>,
): Promise<readonly { readonly at: number; readonly task: TaskAnswer }[]> {
  if (state !== 'open') {
    const rows = await listEndedTasks(db, vault, state, filter, page);
    return rows.map((row) => ({ at: row.ended_at, task: endedTaskAnswer(row, row.root, sight) }));
  }
  const now = clock();
  return (await listOpenTasks(db, vault, filter, page)).flatMap(({ lead, root }) =>
    lead.task === null ? [] : [{ at: lead.task.dueAt, task: openTaskAnswer(lead, root, lead.task, now, sight) }],
  );
}
