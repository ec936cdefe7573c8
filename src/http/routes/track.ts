import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Routes } from '../deps.ts';
import { TRACK_SCRIPT } from '../track-script.ts';

const ETAG = `"${createHash('sha256').update(TRACK_SCRIPT).digest('hex').slice(0, 32)}"`;
// A new release reaches every page within an hour; until then a browser that comes back loads nothing.
const CACHED = 'public, max-age=3600';

/** GET /v1/track.js: the script of landing pages that tells page views. */
export const trackRoutes: Routes = (app) => {
  app.get('/v1/track.js', {
    schema: {
      tags: ['capture'],
      summary: '落地页脚本: the script that tells page views',
      description:
        'For `<script src="…/v1/track.js" data-form="…/v1/forms/SOURCE_ID" defer>`: about a kilobyte. Until the visitor agrees (`clewTrack.consent(true)`, or a ticked box with `data-clew-consent`) it stores and sends nothing; then it keeps a visitor id in the browser, tells `page_view` and what the page tells by `clewTrack("pricing_page")`, and adds `visitor_id` to forms of the source. `clewTrack.consent(false)` forgets the id.',
      response: {
        200: {
          description: '脚本: the script.',
          content: {
            'text/javascript': { schema: Type.Unsafe<unknown>({ type: 'string', description: 'The script.' }) },
          },
        },
        304: { type: 'null', description: 'It is the one of `If-None-Match`.' },
      },
    },
    config: { scope: 'public', cors: false },
    handler: sendScript,
  });
};

async function sendScript({ headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  // Pages of every origin may load it, and check it by `integrity`.
  reply.headers({ etag: ETAG, 'cache-control': CACHED, 'access-control-allow-origin': '*' });
  if (headers['if-none-match'] === ETAG) return reply.code(304).send();
  return reply.type('text/javascript; charset=utf-8').serializer(String).send(TRACK_SCRIPT);
}
