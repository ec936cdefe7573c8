import { isUtf8 } from 'node:buffer';
import { formatInstant } from '../../domain/instant.ts';
import { maskedOf, type Sight } from '../../domain/sight.ts';
import type { RecordedPush } from '../../store/recordings.ts';
import { redactBody, redactHeaders, redactQuery } from '../redact.ts';
import type { RecordingItem } from '../schemas/source-recording.ts';

/** A recorded push: its secrets are cut whoever looks; the body as it came, and phones in the query, only in full. */
export function recordingItem(push: RecordedPush, sight: Sight): RecordingItem {
  const { id, receivedAt, verdict, request } = push;
  const body = Buffer.from(request.body, 'base64');
  const encoding = isUtf8(body) ? 'utf8' : 'base64';
  const type = request.headers['content-type'] ?? '';
  return {
    id,
    received_at: formatInstant(receivedAt),
    verdict,
    masked: maskedOf(sight),
    method: request.method,
    path: request.path,
    query: redactQuery(request.query),
    headers: redactHeaders(request.headers),
    body_bytes: body.length,
    body_encoding: encoding,
    body:
      sight.kind === 'full' ? body.toString(encoding) : encoding === 'utf8' ? redactBody(body.toString(), type) : null,
  };
}
