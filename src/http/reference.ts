import helmet from '@fastify/helmet';
import { fastify } from 'fastify';
import type { App } from './deps.ts';

interface Reference {
  readonly page: string;
  readonly script: Buffer;
}

/**
 * GET /docs: the browsable reference. Everything that the page loads comes from this service, so it works without a network.
 * It is loaded at the first visit: its script of 4 MB costs 25 MB of memory and 0.3 s, which a start should not pay.
 */
export function serveReference(app: App): void {
  let loading: Promise<Reference> | null = null;
  const reference = () => {
    loading ??= loadReference();
    return loading;
  };
  void app.register((docs, _options, done) => {
    docs.register(helmet, HELMET);
    const hidden = { schema: { hide: true } };
    docs.get('/docs', hidden, async (_request, reply) => reply.redirect('docs/'));
    docs.get('/docs/', hidden, async (_request, reply) => reply.type('text/html').send((await reference()).page));
    docs.get('/docs/js/scalar.js', hidden, async (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=3600')
        .type('text/javascript')
        .send((await reference()).script),
    );
    done();
  });
}

async function loadReference(): Promise<Reference> {
  const { default: apiReference } = await import('@scalar/fastify-api-reference');
  const bench = fastify();
  await bench.register(apiReference, {
    routePrefix: '/docs',
    configuration: {
      pageTitle: 'clew',
      url: '../openapi.json',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  const page = (await bench.inject('/docs/')).body;
  const script = (await bench.inject('/docs/js/scalar.js')).rawPayload;
  await bench.close();
  return { page, script };
}

// The page starts from an inline script and puts its styles in at run time; nothing is fetched from elsewhere.
const HELMET = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", "'unsafe-inline'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // Whether the service is reached by TLS is known to what stands before it.
  strictTransportSecurity: false,
} as const;
