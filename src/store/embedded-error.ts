/** Why the service's own PostgreSQL could not be had; the message says what to do. */
export type EmbeddedErrorCode = 'embedded_unavailable' | 'embedded_in_use' | 'embedded_failed';

/** Thrown by everything about the embedded PostgreSQL, with a message for the person who started the service. */
export class EmbeddedError extends Error {
  readonly code: EmbeddedErrorCode;

  constructor(code: EmbeddedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedError';
    this.code = code;
  }
}

/** The way out that every such message ends with. */
export const OTHER_POSTGRES =
  'Set DATABASE_URL to a PostgreSQL 15 or newer, or start one beside clew with compose.yaml (docker compose up).';
