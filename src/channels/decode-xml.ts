import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Decoded, DecodeLimits } from './channel.ts';

const PARSER = {
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: true,
  htmlEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
} as const;

/**
 * An XML document as texts by element name, the root among them; attributes by `@` and their name, repeated elements as a list.
 * Only the five entities of XML are resolved, and a document type is never read.
 */
export function decodeXml(xml: string | Uint8Array, limits: DecodeLimits): Decoded {
  const text = (typeof xml === 'string' ? xml : Buffer.from(xml).toString('utf8')).replace(/^\ufeff/, '');
  if (/<!(?:doctype|entity)/i.test(text)) return unreadable('The XML has a document type or entities of its own.');
  if (elements(text) > limits.maxValues) return unreadable(`The XML holds more than ${limits.maxValues} values.`);
  try {
    if (XMLValidator.validate(text) !== true) return unreadable('The body is not valid XML.');
    const value: unknown = new XMLParser({ ...PARSER, maxNestedTags: limits.maxDepth }).parse(text);
    return { kind: 'decoded', value };
  } catch {
    return unreadable(`The body is not valid XML, or nested more than ${limits.maxDepth} deep.`);
  }
}

/** Opening tags and attributes, roughly: never fewer than there are. */
function elements(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) if (text[i] === '<' || text[i] === '=') count++;
  return count;
}

function unreadable(detail: string): Decoded {
  return { kind: 'unreadable', detail };
}
