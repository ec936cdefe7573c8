import type { Placement } from './decide.ts';
import type { EventType } from './event.ts';
import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { Owner } from './outcome.ts';
import type { Customer } from './person.ts';
import type { PolicyVersion } from './policy.ts';
import type { Staffing } from './staffing.ts';
import type { Settled } from './world.ts';

/** What is told of a step, as an event of the lead: the flow draws its id. */
export interface Fact {
  readonly type: EventType;
  readonly rule: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A lead after a step, and what is told of it. */
export interface Worked {
  readonly lead: Lead;
  readonly facts: readonly Fact[];
}

/** A touch that its lead has absorbed, for the steps that follow: rating, assignment, task. */
export interface TouchTaken {
  readonly placement: Placement;
  readonly lead: Lead; // with the touch
  readonly customer: Customer; // with the touch
  readonly owner: Owner; // as the decision has it; reason `pool`: somebody has to be found
  readonly settled: Settled;
  readonly touchId: string;
  readonly taskId: string; // of the task that it may open
  readonly policy: PolicyVersion;
  readonly staffing: Staffing;
  readonly at: Instant; // receivedAt
}
