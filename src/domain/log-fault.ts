/** An error as the log tells it: what and where, without values of a person. */
export interface LogFault {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly stack: readonly string[];
  readonly table?: string;
  readonly constraint?: string;
  readonly cause?: LogFault;
}

const MOST_FRAMES = 8;

/** Makes an error loggable: a database's message quotes values, so its code, table and constraint stand for it. */
export function logFault(thrown: unknown): LogFault {
  if (!(thrown instanceof Error))
    return { name: typeof thrown, message: 'something that is no Error was thrown', stack: [] };
  const { code, table, constraint } = thrown as {
    readonly code?: unknown;
    readonly table?: unknown;
    readonly constraint?: unknown;
  };
  const fromDatabase = 'severity' in thrown;
  return {
    name: thrown.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: fromDatabase ? 'the database refused a statement' : withoutDigits(thrown.message),
    stack: framesOf(thrown),
    ...(typeof table === 'string' ? { table } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(thrown.cause instanceof Error ? { cause: logFault(thrown.cause) } : {}),
  };
}

/** The stack without its first lines, which repeat the message. */
function framesOf({ stack }: Error): readonly string[] {
  const lines = (stack ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line.startsWith('at ')).slice(0, MOST_FRAMES);
}

/** Seven digits with or without blanks and dashes between could be a phone. */
function withoutDigits(text: string): string {
  return text.slice(0, 500).replace(/\p{Nd}(?:[\s-]?\p{Nd}){6,}/gu, '#');
}
