import helmet from '@fastify/helmet';
import apiReference from '@scalar/fastify-api-reference';
import type { App } from './deps.ts';

/** GET /docs: the browsable reference. Everything that it loads comes from this service, so it works without a network. */
export function serveReference(app: App): void {
  void app.register((docs, _options, done) => {
    // The page starts from an inline script and puts its styles in at run time; nothing is fetched from elsewhere.
    docs.register(helmet, {
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
    });
    docs.register(apiReference, {
      routePrefix: '/docs',
      configuration: {
        pageTitle: 'clew',
        url: '/openapi.json',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    });
    done();
  });
}
