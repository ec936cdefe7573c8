import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import { compile, type Expression, whyFailed } from './expression.ts';
import { type Answer, failed, type Job } from './mapping-messages.ts';

/** Compiled expressions that are kept; an endpoint has two at most, and a long one takes some ms to compile. */
const COMPILED_MAX = 500;

/** How JSONata marks a function among values; nothing that people typed may carry it. */
const MARK = '_jsonata_';

if (parentPort !== null) listen(parentPort, workerData as number);

/** Says `ready`, then answers one job after the other until the thread is ended. */
function listen(port: MessagePort, sizeLimitBytes: number): void {
  const compiled = new LRUCache<string, Expression>({ max: COMPILED_MAX });

  async function answer({ expression, input }: Job): Promise<Answer> {
    try {
      const ready = compiled.get(expression) ?? compile(expression);
      compiled.set(expression, ready);
      return told(await ready.evaluate(parse(input)), sizeLimitBytes);
    } catch (error) {
      return failed('mapping_failed', whyFailed(error, expression));
    }
  }

  port.on('message', async (job: Job) => port.postMessage(await answer(job)));
  port.postMessage('ready');
}

function told(result: unknown, sizeLimitBytes: number): Answer {
  const text = JSON.stringify(result, withoutFunctions);
  if (text === undefined) return failed('mapping_empty', 'the expression has no result for this input');
  const bytes = Buffer.byteLength(text);
  if (bytes <= sizeLimitBytes) return { kind: 'mapped', text };
  return failed('mapping_too_large', `the result has ${bytes} bytes, of ${sizeLimitBytes} that are allowed`);
}

function parse(input: string): unknown {
  if (!input.includes(`"${MARK}`)) return JSON.parse(input);
  return JSON.parse(input, (key, value) => (key.startsWith(MARK) ? undefined : value));
}

function withoutFunctions(_key: string, value: unknown): unknown {
  if (typeof value === 'function') return undefined;
  const marked =
    typeof value === 'object' && value !== null && (`${MARK}lambda` in value || `${MARK}function` in value);
  return marked ? undefined : value;
}
