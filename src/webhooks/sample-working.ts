import type { WorkingEvent } from '../domain/event.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { SAMPLE_IDS } from './sample-facts.ts';

const HOUR_MS = 3_600_000;

const task = (at: Instant) => ({
  task_id: SAMPLE_IDS.task,
  kind: 'first_contact',
  owner: 'A1',
  store: 'S1',
  rating: 'medium',
  opened_at: formatInstant(at),
  due_at: formatInstant(at + 9 * HOUR_MS),
  cycle: 1,
});

const crossed = (at: Instant, band: string, threshold: number, total: number) => ({
  model: 1,
  band,
  threshold,
  total,
  explicit: 10,
  implicit: total - 10,
  attributes: [{ name: 'director', field: 'person.job_title', points: 10 }],
  groups: [{ group: 'web', events: 5, raw: total - 10, capped: total - 10 }],
  scored_at: formatInstant(at),
  rating: 'medium',
  rating_rule: 'rating.base',
  first_source: null,
  last_source: null,
  touch_count: 1,
  state: 'assigned',
  owner: 'A1',
  store: 'S1',
  cycle: 1,
});

/** What the events of working leads tell. */
export const WORKING_SAMPLES: Readonly<Record<WorkingEvent, (at: Instant) => Readonly<Record<string, unknown>>>> = {
  'lead.assigned': () => ({
    owner: 'A1',
    store: 'S1',
    former_owner: null,
    former_store: null,
    owner_reason: 'wheel',
    assignment_rule: 'capture_store',
    pool: 'store:S1',
    skipped: ['vip:no_match'],
    passed_over: ['A2:off_shift'],
    state: 'assigned',
    cycle: 1,
  }),
  'assignment.exhausted': () => ({
    store: 'S1',
    assignment_rule: 'capture_store',
    passed_over: ['A1:open_cap', 'A2:open_cap'],
    cycle: 1,
  }),
  'lead.rating_changed': () => ({
    from: 'medium',
    to: 'high',
    rating_rule: 'rating.channels',
    evidence: [SAMPLE_IDS.touch],
    reason: null,
    mode: 'live',
    cycle: 1,
  }),
  'lead.left_nurture': (at) => crossed(at, 'mql', 30, 32),
  'lead.qualified': (at) => crossed(at, 'sql', 50, 52),
  'lead.hot': (at) => crossed(at, 'hot', 80, 84),
  'lead.dormant': () => ({ reason: null, dormant_by: 'auto', owner: 'A1', store: 'S1', cycle: 1 }),
  'task.created': task,
  'task.changed': (at) => ({ ...task(at), former_due_at: formatInstant(at + 18 * HOUR_MS) }),
  'task.due': task,
  'task.overdue': task,
  'task.escalated': (at) => ({ ...task(at), manager: 'M1' }),
  'task.recycled': (at) => ({ ...task(at), owner: null, former_owner: 'A1' }),
  'task.completed': (at) => ({
    ...task(at),
    method: 'phone',
    outcome: 'answered',
    next_at: formatInstant(at + 48 * HOUR_MS),
    completed_at: formatInstant(at + HOUR_MS),
    elapsed_seconds: 3600,
    business_seconds: 1800,
  }),
  'task.cancelled': (at) => ({ ...task(at), reason: 'won' }),
};
