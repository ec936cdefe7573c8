import type { DecodeLimits, Push } from './channel.ts';
import { decodeForm } from './decode-form.ts';
import { decodeJson } from './decode-json.ts';
import { decodeXml } from './decode-xml.ts';

// Of a push that nobody vouches for yet: as large as any that is read, so that no genuine one is refused for its size.
const LIMITS: DecodeLimits = { maxDepth: 64, maxValues: 200_000 };
const OPEN_BRACE = 0x7b;
const LESS_THAN = 0x3c;
const BLANK = 0x20;

/** A body by its looks, for what of it is signed: JSON, XML or a form; null when it cannot be read, and for multipart. */
export function decodeSigned(push: Push): unknown {
  const first = push.body.find((byte) => byte > BLANK && byte < 0x80);
  const decoded =
    first === OPEN_BRACE
      ? decodeJson(push.body, LIMITS)
      : first === LESS_THAN
        ? decodeXml(push.body, LIMITS)
        : decodeForm(push.body, LIMITS);
  return decoded.kind === 'decoded' ? decoded.value : null;
}
