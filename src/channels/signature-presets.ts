import type { Place, SignatureScheme } from './signature-scheme.ts';

const BASE = {
  prefix: '',
  separator: null,
  key: 'text',
  timestamp: null,
  id: null,
  nonce: null,
  escaped: 'raw',
} as const;

/** An HMAC over the body alone, in a header. */
export function hmacBody(made: {
  readonly header: string;
  readonly prefix: string;
  readonly algorithm: SignatureScheme['algorithm'];
  readonly encoding: SignatureScheme['encoding'];
}): SignatureScheme {
  const { header, prefix, algorithm, encoding } = made;
  return {
    ...BASE,
    method: 'hmac',
    algorithm,
    template: '{body}',
    encoding,
    signature: { in: 'header', name: header },
    prefix,
  };
}

/** A shared key that is sent as it is. */
export function sharedKey(signature: Place): SignatureScheme {
  return { ...BASE, method: 'equal', algorithm: 'sha256', template: '', encoding: 'hex', signature };
}

/** SHA-1 over secret and body: X-Douyin-Signature; developer.open-douyin.com/docs/resource/zh-CN/dop/develop/webhooks/summarize. */
export const SECRET_THEN_BODY: SignatureScheme = {
  ...BASE,
  method: 'hash',
  algorithm: 'sha1',
  template: '{secret}{body}',
  encoding: 'hex',
  signature: { in: 'header', name: 'x-douyin-signature' },
};

/** HMAC over a constant and the body: X-LI-Signature; learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation. */
export const CONSTANT_THEN_BODY: SignatureScheme = {
  ...hmacBody({ header: 'x-li-signature', prefix: '', algorithm: 'sha256', encoding: 'hex' }),
  template: 'hmacsha256={body}',
};

/** HMAC over time in ms, colon and body, 5 minutes: x-webflow-signature. */
export const TIME_COLON_BODY: SignatureScheme = {
  ...hmacBody({ header: 'x-webflow-signature', prefix: '', algorithm: 'sha256', encoding: 'hex' }),
  template: '{timestamp}:{body}',
  timestamp: { in: 'header', name: 'x-webflow-timestamp', unit: 'ms', toleranceSeconds: 300 },
};

/** HMAC over time in s, dot and body, in one header with the time, t=…,s=…: developers.tiktok.com/doc/webhooks-verification. */
const TIME_DOT_BODY: SignatureScheme = {
  ...hmacBody({ header: 'tiktok-signature', prefix: 's=', algorithm: 'sha256', encoding: 'hex' }),
  separator: ',',
  template: '{timestamp}.{body}',
  timestamp: { in: 'header', name: 'tiktok-signature#t', unit: 's', toleranceSeconds: 300 },
};

/** HMAC over id, time and body with the key behind whsec_; Standard Webhooks 1.0.0. */
export const STANDARD_WEBHOOKS_SCHEME: SignatureScheme = {
  ...hmacBody({ header: 'webhook-signature', prefix: 'v1,', algorithm: 'sha256', encoding: 'base64' }),
  separator: ' ',
  key: 'whsec',
  template: '{id}.{timestamp}.{body}',
  timestamp: { in: 'header', name: 'webhook-timestamp', unit: 's', toleranceSeconds: 300 },
  id: { in: 'header', name: 'webhook-id' },
};

/** SHA-1 over token, time, nonce and cipher text, sorted: developer.work.weixin.qq.com/document/path/91144. */
export const SORTED_PARTS: SignatureScheme = {
  ...BASE,
  method: 'hash',
  algorithm: 'sha1',
  template: '{sorted:secret,timestamp,nonce,body:xml.Encrypt}',
  encoding: 'hex',
  signature: { in: 'query', name: 'msg_signature' },
  timestamp: { in: 'query', name: 'timestamp', unit: 's', toleranceSeconds: 3_600 },
  nonce: { in: 'query', name: 'nonce' },
};

/** SHA-256 over secret, query and body: x-life-sign; developer.open-douyin.com/…/signruleintroduce. */
export const KEYED_QUERY: SignatureScheme = {
  ...BASE,
  method: 'hash',
  algorithm: 'sha256',
  template: '{secret}&client_key={query:client_key}&timestamp={timestamp}{sorted_query}{http_body}',
  encoding: 'hex',
  signature: { in: 'header', name: 'x-life-sign' },
  timestamp: { in: 'query', name: 'timestamp', unit: 'ms', toleranceSeconds: 300 },
};

/** HMAC over the address, a space and the time, valid for 300 s; seen in three clients of 飞鱼's older pull API. */
export const TARGET_SPACE_TIME: SignatureScheme = {
  ...BASE,
  method: 'hmac',
  algorithm: 'sha256',
  template: '{target} {timestamp}',
  encoding: 'base64_of_hex',
  signature: { in: 'header', name: 'signature' },
  timestamp: { in: 'header', name: 'timestamp', unit: 's', toleranceSeconds: 300 },
};

/** The families by name, for sources that sign like a known platform. */
export const NAMED_SCHEMES: Readonly<Record<string, SignatureScheme>> = {
  s1: SECRET_THEN_BODY,
  s2: hmacBody({ header: 'x-red-signature', prefix: 'sha1=', algorithm: 'sha1', encoding: 'hex' }),
  s3: hmacBody({ header: 'x-open-signature', prefix: '', algorithm: 'sha256', encoding: 'hex' }),
  s3_escaped: {
    ...hmacBody({ header: 'x-open-signature', prefix: '', algorithm: 'sha256', encoding: 'hex' }),
    escaped: 'raw_or_escaped',
  },
  s4: hmacBody({ header: 'x-hub-signature-256', prefix: 'sha256=', algorithm: 'sha256', encoding: 'hex' }),
  s5: hmacBody({ header: 'typeform-signature', prefix: 'sha256=', algorithm: 'sha256', encoding: 'base64' }),
  s6: CONSTANT_THEN_BODY,
  s7: TIME_COLON_BODY,
  s8: TIME_DOT_BODY,
  s9: STANDARD_WEBHOOKS_SCHEME,
  s10: SORTED_PARTS,
  s11: KEYED_QUERY,
  s12: TARGET_SPACE_TIME,
  s13: sharedKey({ in: 'body', name: 'google_key' }),
};
