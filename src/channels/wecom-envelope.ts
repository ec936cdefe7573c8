import { decryptEnvelope, type Opened } from './aes-envelope.ts';
import type { DecodeLimits, Push, Setup } from './channel.ts';
import { decodeXml } from './decode.ts';
import { readPath } from './path.ts';
import { SORTED_PARTS } from './signature-presets.ts';
import type { SignatureScheme } from './signature-scheme.ts';
import { textOf } from './text-of.ts';

/** What is encrypted of a pushed envelope: the very element that is signed; null where there is none. */
export function encryptedText(push: Push, limits: DecodeLimits): string | null {
  const envelope = decodeXml(push.body, limits);
  return envelope.kind === 'decoded' ? textOf(readPath(envelope.value, 'xml.Encrypt')) : null;
}

/** `msg_signature` over token, timestamp, nonce and what is encrypted; the time is signed, but the platform sets no window for it. */
export function envelopeSignature(encrypted: 'body:xml.Encrypt' | 'query:echostr'): SignatureScheme {
  return {
    ...SORTED_PARTS,
    template: `{sorted:secret,query:timestamp,query:nonce,${encrypted}}`,
    timestamp: null,
    nonce: null,
  };
}

/** The text inside cipher text, by the credentials of the source, or why it cannot be opened. */
export function opened(encrypted: string, { credentials }: Setup): Opened {
  return decryptEnvelope(encrypted, credentials['encoding_aes_key'] ?? '', credentials['corp_id'] ?? '');
}
