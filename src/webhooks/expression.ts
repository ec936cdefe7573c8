import jsonata from 'jsonata';

/** A JSONata expression that was understood. */
export type Expression = jsonata.Expression;

/** Characters of an expression at most. */
export const EXPRESSION_MAX = 10_000;

// Far above what a body of 20 kB needs, and far below what fills the heap of the thread: a recursion or a range without
// end is told as such instead of taking the thread down.
const GUARDS = { stack: 1000, sequence: 100_000 };

/** Reads an expression; throws what JSONata says of it. No function of ours is bound: it sees its input and nothing else. */
export function compile(text: string): Expression {
  return jsonata(text, GUARDS);
}

/** Says why a text is no expression; null when it is one. It is not evaluated. */
export function checkExpression(text: string): string | null {
  if (text.length > EXPRESSION_MAX) return `an expression has at most ${EXPRESSION_MAX} characters`;
  try {
    compile(text);
    return null;
  } catch (error) {
    return whyFailed(error, text);
  }
}

interface JsonataFault {
  readonly code: string;
  readonly message: string;
  readonly position?: number;
}

/** What can hold a value of the input in what JSONata throws while it evaluates, and so in its sentence. */
const VALUES = ['value', 'value2', 'exp'] as const;

/** What the expression says by itself may hold a value of the input: of these only what stands in its own text is told. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  D3120: 'what was passed to $eval is no expression',
  D3121: 'what was passed to $eval failed',
  D3137: 'the expression called $error',
  D3141: 'an $assert of the expression does not hold',
};

/** JSONata's sentence on what went wrong with an expression, without values of the input. */
export function whyFailed(error: unknown, text: string): string {
  if (!isFault(error)) return foreign(error);
  const sentence = ownWords(error, text) ?? withoutValues(error);
  return error.position === undefined ? sentence : `${sentence} (at character ${error.position})`;
}

function ownWords({ code, message }: JsonataFault, text: string): string | null {
  const general = OWN_WORDS[code];
  if (general === undefined) return null;
  return text.includes(`"${message}"`) || text.includes(`'${message}'`) ? message : general;
}

function withoutValues(fault: JsonataFault): string {
  if (fault.code.startsWith('S')) return fault.message; // of the syntax: it only holds pieces of the expression
  return VALUES.reduce((sentence, name) => {
    const value = JSON.stringify((fault as unknown as Readonly<Record<string, unknown>>)[name]);
    return value === undefined ? sentence : sentence.replaceAll(value, '…');
  }, fault.message);
}

/** A fault of the engine beneath: only the sentences of a RangeError are known to hold no value. */
function foreign(error: unknown): string {
  if (error instanceof RangeError) return `the expression failed: ${error.message}`;
  return `the expression failed with a ${error instanceof Error ? error.name : 'fault that has no name'}`;
}

function isFault(error: unknown): error is JsonataFault {
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error;
}
