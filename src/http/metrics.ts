import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts and times every request by route pattern, method and status: never by an id, an address or a key. */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const histogram = new Histogram({
    name: 'clew_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    // A method that no route has could be any text.
    const method = route === 'none' ? 'any' : request.method;
    histogram.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
}

/** GET /metrics in Prometheus' text form, for a key with the scope `ops`. */
export function serveMetrics(app: FastifyInstance, registry: Registry): void {
  app.get('/metrics', {
    schema: {
      tags: ['operations'],
      summary: 'Metrics in Prometheus form',
      description: 'Give Prometheus a key with the scope `ops` as bearer token (`authorization.credentials_file`).',
    },
    config: { scope: 'ops' },
    handler: async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  });
}
