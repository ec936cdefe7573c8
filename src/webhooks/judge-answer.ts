import type { AttemptResult } from '../domain/retry.ts';
import type { Mapper, Sent } from './outbound.ts';

/**
 * What a request came to once the answer has been read: some receivers answer 200 with an error code in the body, so a
 * 2xx that does not fulfil the condition (JSONata over `{ status, body }`) has failed with `answer_refused`.
 */
export async function judgeAnswer(
  { result, answer }: Pick<Sent, 'result' | 'answer'>,
  condition: string | null,
  mapper: Mapper,
): Promise<AttemptResult> {
  if (condition === null || result.kind === 'failed') return result;
  const { status } = result;
  const mapped = await mapper.evaluate(condition, { status, body: jsonOr(answer ?? '') });
  if (mapped.kind === 'mapped' && mapped.value === true) return result;
  return { kind: 'failed', result: 'answer_refused', status, fault: 'rejected', retryAfterMs: null };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
