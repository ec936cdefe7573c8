/** Why a change is refused, as a stable code. */
export type FaultCode = 'not_found' | 'state_conflict' | 'version_conflict' | 'body_invalid';

/** A change that its caller asked for and that is refused: nothing was written; the message is for the caller. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly path: string | null; // the field at fault, as the API names it: defaults.store

  constructor(code: FaultCode, path: string | null, message: string) {
    super(message);
    this.name = 'Fault';
    this.code = code;
    this.path = path;
  }
}
