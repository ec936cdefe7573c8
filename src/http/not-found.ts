import type { FastifyInstance } from 'fastify';
import { problem } from './problem.ts';
import { sendProblem } from './problem-handler.ts';

interface Address {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Answers what no route does: `method_not_allowed` with Allow where the path has other methods, else `route_not_found`. */
export function answerUnrouted(app: FastifyInstance): void {
  const addresses = new Map<string, Address>();
  app.addHook('onRoute', ({ url, method }) => {
    const address = addresses.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const one of [method].flat()) address.methods.add(one);
    addresses.set(url, address);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = [...addresses.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((it) => [...it.methods]);
    if (methods.length === 0) return sendProblem(request, reply, problem('route_not_found'));
    const allow = [...new Set(methods)].sort().join(', ');
    return sendProblem(request, reply, problem('method_not_allowed', { headers: { allow } }));
  });
}

/** `/v1/leads/:id` as a regular expression; a literal part is taken as it is. */
function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}
