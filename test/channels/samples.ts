import { readdirSync, readFileSync } from 'node:fs';
import type { Acknowledged, Push, Setup } from '../../src/channels/channel.ts';
import type { Draft } from '../../src/domain/submission.ts';
import { ROOT } from '../helpers/root.ts';
import { type Sign, sign } from './signing.ts';

/** One push of a platform and what it must come to; all data in it is made up. */
export interface Sample {
  readonly channel: string; // the folder: the kind
  readonly file: string; // the file without its ending
  readonly about: string;
  readonly request: SampleRequest;
  readonly sign?: Sign; // absent: the push proves nothing
  readonly setup: Partial<Setup>;
  readonly received_at?: string; // ISO; absent: RECEIVED_AT
  readonly expect: Expectation;
}

/** The request before it is signed. {{secret}} in query, header or body stands for the secret: a key shared in clear. */
export interface SampleRequest {
  readonly method: 'GET' | 'POST';
  readonly path?: string;
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly body_base64?: string;
}

export interface Expectation {
  readonly kind: 'items' | 'handshake' | 'unreadable' | 'unmappable';
  readonly items?: readonly ExpectedItem[];
  readonly reply?: ExpectedReply; // of the handshake
  readonly ack?: Readonly<Partial<Record<Acknowledged, ExpectedReply>>>;
}

/** What is named must be so; a body that is no text is compared as JSON. */
export interface ExpectedReply {
  readonly status: number;
  readonly body?: unknown;
}

/** What is named must be so; of draft and reference what is named is a part. */
export interface ExpectedItem {
  readonly kind: 'lead' | 'erase' | 'ignored';
  readonly externalId?: string | null;
  readonly deliveryId?: string | null;
  readonly why?: string;
  readonly draft?: Draft; // of the mapped record, the channel's own draft before it
  readonly reference?: Readonly<Record<string, unknown>> | null;
}

export const RECEIVED_AT = '2026-04-12T02:00:00.000Z';
const FOLDER = new URL('test/channels/samples/', ROOT);

/** Every sample of every kind, or of one, in order of name. */
export function samples(kind?: string): readonly Sample[] {
  const kinds = readdirSync(FOLDER).filter((name) => kind === undefined || name === kind);
  return kinds.sort().flatMap((channel) =>
    readdirSync(new URL(`${channel}/`, FOLDER))
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => ({
        ...(JSON.parse(readFileSync(new URL(`${channel}/${name}`, FOLDER), 'utf8')) as Omit<
          Sample,
          'channel' | 'file'
        >),
        channel,
        file: name.slice(0, -5),
      })),
  );
}

/** The source that a sample is for. */
export function setupOf(sample: Sample): Setup {
  const { secrets = [], credentials = {}, settings = {} } = sample.setup;
  return { secrets, credentials, settings };
}

/** The push of a sample as its platform would send it. */
export function signedPush(sample: Sample): Push {
  return signedWith(sample, unsignedPush(sample), setupOf(sample));
}

/** A push of a sample, perhaps changed, signed for a source. */
export function signedWith(sample: Sample, push: Push, setup: Setup): Push {
  return sign(sample.sign ?? { family: 'none' }, push, setup);
}

/** The request of a sample, not signed yet. */
export function unsignedPush(sample: Sample): Push {
  const { method, path = `/in/${sample.channel}`, query = '', headers, body, body_base64 } = sample.request;
  return {
    method,
    path,
    query,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: body_base64 === undefined ? Buffer.from(body ?? '') : Buffer.from(body_base64, 'base64'),
    receivedAt: Date.parse(sample.received_at ?? RECEIVED_AT),
  };
}
