/** Why a change is refused, as a stable code. */
export type FaultCode =
  | 'not_found'
  | 'gone'
  | 'other_store'
  | 'state_conflict'
  | 'out_of_order'
  | 'version_conflict'
  | 'version_required'
  | 'external_ref_taken'
  | 'in_use'
  | 'body_invalid'
  | 'scope_missing'
  | 'target_refused'
  | 'mapping_invalid'
  | 'already_released'
  | 'already_claimed'
  | 'raw_body_gone'
  | 'import_followed_up'
  | 'file_too_large'
  | 'file_empty';

/** A change that its caller asked for and that is refused: nothing was written; the message is for the caller. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly path: string | null; // the field at fault, as the API names it: defaults.store
  readonly members: Readonly<Record<string, unknown>>; // further members of the answer: allowed, left

  constructor(code: FaultCode, path: string | null, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'Fault';
    this.code = code;
    this.path = path;
    this.members = members;
  }
}
