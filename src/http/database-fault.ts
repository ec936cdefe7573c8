// Classes and codes of SQLSTATE under which nothing was written and the same call may succeed soon: connection lost,
// transaction rolled back to be tried again (deadlock, serialization), resources out, read-only, stopping, timed out.
const UNAVAILABLE_STATE = /^(08...|40...|53...|57P0[1-5]|57014|25006|55P03)$/;
const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);
// pg and its pool name these by sentence only.
const UNAVAILABLE_SENTENCES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Cannot use a pool after)/;

/** Whether an error of pg says that the database cannot be reached or takes no write just now. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall, severity } = error as {
    readonly code?: unknown;
    readonly syscall?: unknown;
    readonly severity?: unknown;
  };
  if (severity === 'FATAL' || severity === 'PANIC') return true; // the connection was refused or ended
  if (typeof code === 'string') {
    if (severity !== undefined) return UNAVAILABLE_STATE.test(code);
    return (
      UNAVAILABLE_CODES.has(code) &&
      (syscall === 'connect' || syscall === 'read' || syscall === 'write' || syscall === 'getaddrinfo')
    );
  }
  return UNAVAILABLE_SENTENCES.test(error.message);
}
