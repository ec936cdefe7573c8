import type { Policy } from '../../src/domain/policy.ts';
import type { Service } from './service.ts';

/** Changes how leads are assigned. */
export async function assignBy(
  s: Service,
  change: (assignment: Policy['assignment']) => Partial<Policy['assignment']>,
): Promise<void> {
  const { body, headers } = await s.call('GET', '/v1/policy');
  const document: Policy = body.document;
  const { version: _, ...rest } = document as Policy & { version?: number };
  const put = await s.call('PUT', '/v1/policy', {
    body: {
      document: { ...rest, assignment: { ...document.assignment, ...change(document.assignment) } },
      reason: 'test',
    },
    headers: { 'if-match': String(headers['etag']) },
  });
  if (put.status !== 200) throw new Error(put.text);
}
