/** When a rule of assignment applies: every field that is named has to fit; a list fits where one of it does. */
export interface AssignmentCondition {
  readonly campaign?: readonly string[]; // ids
  readonly channel?: readonly string[];
  readonly city?: readonly string[];
  readonly province?: readonly string[];
  readonly brand?: readonly string[];
  readonly category?: readonly string[];
  readonly series?: readonly string[];
  readonly store?: readonly string[];
}

/** To whom: an adviser; a store; the capturing store; the store, else the region, that covers the customer's city; HQ. */
export type AssignmentTarget =
  | { readonly to: 'adviser'; readonly adviser: string }
  | { readonly to: 'store'; readonly store: string; readonly skill?: string }
  | { readonly to: 'capture_store'; readonly skill?: string }
  | { readonly to: 'territory'; readonly skill?: string }
  | { readonly to: 'hq'; readonly skill?: string };

/** A rule: the first whose condition fits and whose target is there fires. */
export interface AssignmentRule {
  readonly name: string;
  readonly when: AssignmentCondition;
  readonly give: AssignmentTarget;
}

/** The part of the policy that assigns. */
export interface AssignmentPolicy {
  readonly rules: readonly AssignmentRule[];
  readonly off_shift: 'wait' | 'assign'; // whether a lead that comes when nobody is on shift waits for the next one
  readonly cool_down_hours: number; // for so long nobody gets a lead back in turn, or may claim it, that they had
}

/** How an owner was found, for the answer and the event. */
export interface Explanation {
  readonly rule: string | null; // the name of the rule that fired; null: none is asked, or none fits
  readonly skipped: readonly { readonly rule: string; readonly why: string }[];
  readonly passed_over: readonly { readonly adviser: string; readonly why: string }[]; // inactive, on_leave, off_shift, open_cap, daily_cap, cool_down, skill
}
