import type { Handshake, Push, Setup } from './channel.ts';
import { decodeSigned } from './decode-signed.ts';
import { readPath } from './path.ts';
import { recordOf } from './record-of.ts';
import { json, text } from './reply.ts';

const LONGEST = 4_096; // characters; a challenge has some tens

/** Schema of the setting `handshake`: what the sender checks the address with. */
export const GENERIC_HANDSHAKE: Readonly<Record<string, unknown>> = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  description: 'A check of the address, in which the sender wants a value of its own back; absent: there is none.',
  properties: {
    method: { type: 'string', enum: ['GET', 'POST'], default: 'GET', description: 'How the check comes.' },
    in: { type: 'string', enum: ['query', 'body'], description: 'Where the value is; query for GET, body for POST.' },
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'Parameter, or dotted path into the body; whatever has it is a check.',
    },
    as: {
      type: 'string',
      enum: ['text', 'json'],
      default: 'text',
      description: 'The value alone, or an object with the last part of the name.',
    },
  },
};

/** The value that a sender wants back, as the setting says; null where the push has none. */
export function genericHandshake(push: Push, { settings }: Setup): Handshake | null {
  const { method = 'GET', in: where, name, as = 'text' } = recordOf(settings['handshake']) ?? {};
  if (typeof name !== 'string' || name === '' || push.method !== method) return null;
  const inBody = where === undefined ? method === 'POST' : where === 'body';
  const value = inBody ? inOf(push, name) : new URLSearchParams(push.query).get(name);
  const isEcho = typeof value === 'string' || typeof value === 'number';
  if (!isEcho || value === '' || String(value).length > LONGEST) return null;
  const key = inBody ? name.slice(name.lastIndexOf('.') + 1) : name;
  return { passed: true, reply: as === 'json' ? json(200, { [key]: value }) : text(200, String(value)) };
}

function inOf(push: Push, path: string): unknown {
  return push.body.length > 4 * LONGEST ? null : readPath(decodeSigned(push), path);
}
