import { createCipheriv, createHash, createHmac } from 'node:crypto';
import type { Push, Setup } from '../../src/channels/channel.ts';

/**
 * How a platform signs, by family. Written apart from src/channels/signature.ts, so that the two check each other.
 * A family without a header takes the one its platform uses; times without a value are those of receiving.
 */
export type Sign =
  | { readonly family: 'none' }
  | { readonly family: 'key' } // the secret itself, where {{secret}} stands
  | { readonly family: 's1' | 's2' | 's4' | 's5' | 's6'; readonly header?: string }
  | { readonly family: 's3'; readonly header?: string; readonly escaped?: boolean } // escaped: S3′
  | { readonly family: 's7'; readonly timestamp?: string } // ms
  | { readonly family: 's8'; readonly timestamp?: string } // s
  | { readonly family: 's9'; readonly id?: string; readonly timestamp?: string } // s
  | { readonly family: 's10'; readonly timestamp?: string; readonly nonce?: string } // body or echostr in plain
  | { readonly family: 's11'; readonly client_key: string; readonly timestamp?: string } // ms
  | { readonly family: 's12'; readonly timestamp?: string }; // s

/** Families in which every byte of the body is signed. */
export const SIGNS_BODY: ReadonlySet<Sign['family']> = new Set([
  's1',
  's2',
  's3',
  's4',
  's5',
  's6',
  's7',
  's8',
  's9',
  's11',
]);

/** The push as it would come from a platform that knows the newest secret of the source. */
export function sign(how: Sign, push: Push, setup: Setup): Push {
  const secret = setup.secrets[0] ?? '';
  const keyed = withSecret(push, secret);
  const seconds = String(Math.floor(push.receivedAt / 1000));
  switch (how.family) {
    case 'none':
    case 'key':
      return keyed;
    case 's1':
      return header(keyed, how.header ?? 'x-douyin-signature', hex('sha1', secret, keyed.body));
    case 's2':
      return header(keyed, how.header ?? 'x-red-signature', `sha1=${mac('sha1', secret, [keyed.body], 'hex')}`);
    case 's3': {
      const body = how.escaped === true ? escaped(keyed.body) : keyed.body;
      return header(keyed, how.header ?? 'x-open-signature', mac('sha256', secret, [body], 'hex'));
    }
    case 's4':
      return header(keyed, how.header ?? 'x-hub-signature-256', `sha256=${mac('sha256', secret, [keyed.body], 'hex')}`);
    case 's5':
      return header(
        keyed,
        how.header ?? 'typeform-signature',
        `sha256=${mac('sha256', secret, [keyed.body], 'base64')}`,
      );
    case 's6':
      return header(keyed, how.header ?? 'x-li-signature', mac('sha256', secret, ['hmacsha256=', keyed.body], 'hex'));
    case 's7': {
      const timestamp = how.timestamp ?? String(push.receivedAt);
      const stamped = header(keyed, 'x-webflow-timestamp', timestamp);
      return header(stamped, 'x-webflow-signature', mac('sha256', secret, [timestamp, ':', keyed.body], 'hex'));
    }
    case 's8': {
      const timestamp = how.timestamp ?? seconds;
      const value = mac('sha256', secret, [timestamp, '.', keyed.body], 'hex');
      return header(keyed, 'tiktok-signature', `t=${timestamp},s=${value}`);
    }
    case 's9':
      return standardWebhook(keyed, secret, how.id ?? 'msg_demo', how.timestamp ?? seconds);
    case 's10':
      return enveloped(push, setup, how.timestamp ?? seconds, how.nonce ?? 'nonce1');
    case 's11':
      return lifeSigned(keyed, secret, how.client_key, how.timestamp ?? String(push.receivedAt));
    case 's12': {
      const timestamp = how.timestamp ?? seconds;
      const target = keyed.query === '' ? keyed.path : `${keyed.path}?${keyed.query}`;
      const value = mac('sha256', secret, [`${target} ${timestamp}`], 'hex');
      return header(header(keyed, 'timestamp', timestamp), 'signature', Buffer.from(value).toString('base64'));
    }
  }
}

/** The encrypted text of 企业微信: AES-256-CBC over random, length, message and receiver, padded to a multiple of 32. */
export function encryptEnvelope(message: string, aesKey: string, receiver: string, random: string): string {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const text = Buffer.from(message);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const plain = Buffer.concat([Buffer.from(random), length, text, Buffer.from(receiver)]);
  const pad = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16));
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])), cipher.final()]).toString(
    'base64',
  );
}

function withSecret(push: Push, secret: string): Push {
  const put = (text: string) => text.replaceAll('{{secret}}', secret);
  const body = Buffer.from(push.body);
  return {
    ...push,
    query: put(push.query),
    headers: Object.fromEntries(Object.entries(push.headers).map(([name, value]) => [name, put(value)])),
    body: body.includes('{{secret}}') ? Buffer.from(put(body.toString('utf8'))) : push.body,
  };
}

function standardWebhook(push: Push, secret: string, id: string, timestamp: string): Push {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const value = mac('sha256', key, [`${id}.${timestamp}.`, push.body], 'base64');
  const named = header(header(push, 'webhook-id', id), 'webhook-timestamp', timestamp);
  return header(named, 'webhook-signature', `v1,${value}`);
}

function enveloped(push: Push, setup: Setup, timestamp: string, nonce: string): Push {
  const { encoding_aes_key = '', corp_id = '' } = setup.credentials;
  const query = new URLSearchParams(push.query);
  const plain = query.get('echostr') ?? Buffer.from(push.body).toString('utf8');
  const encrypted = encryptEnvelope(plain, encoding_aes_key, corp_id, '0123456789abcdef');
  const token = setup.secrets[0] ?? setup.credentials['token'] ?? '';
  query.set('msg_signature', hex('sha1', [token, timestamp, nonce, encrypted].sort().join('')));
  query.set('timestamp', timestamp);
  query.set('nonce', nonce);
  if (query.has('echostr')) {
    query.set('echostr', encrypted);
    return { ...push, query: query.toString() };
  }
  const body = `<xml><ToUserName><![CDATA[${corp_id}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  return { ...push, query: query.toString(), body: Buffer.from(body) };
}

function lifeSigned(push: Push, secret: string, clientKey: string, timestamp: string): Push {
  const query = new URLSearchParams(push.query);
  query.delete('sign');
  query.set('client_key', clientKey);
  query.set('timestamp', timestamp);
  const others = [...query]
    .filter(([key]) => key !== 'client_key' && key !== 'timestamp')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const head = `${secret}&client_key=${clientKey}&timestamp=${timestamp}`;
  const text = head + others.map(([key, value]) => `&${key}=${value}`).join('');
  const value = push.body.length === 0 ? hex('sha256', text) : hex('sha256', `${text}&http_body=`, push.body);
  const signed = header(header(push, 'x-life-clientkey', clientKey), 'x-life-sign', value);
  return { ...signed, query: query.toString() };
}

function escaped(body: Uint8Array): Buffer {
  const text = Buffer.from(body).toString('utf8');
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return Buffer.from(
    units.map((unit) => (unit < 128 ? String.fromCharCode(unit) : `\\u${unit.toString(16).padStart(4, '0')}`)).join(''),
  );
}

function header(push: Push, name: string, value: string): Push {
  return { ...push, headers: { ...push.headers, [name]: value } };
}

function hex(algorithm: string, ...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function mac(
  algorithm: string,
  key: string | Uint8Array,
  parts: readonly (string | Uint8Array)[],
  encoding: 'hex' | 'base64',
): string {
  const hmac = createHmac(algorithm, key);
  for (const part of parts) hmac.update(part);
  return hmac.digest(encoding);
}
