import type { Push } from './channel.ts';
import { KEYED_QUERY } from './signature-presets.ts';
import type { SignatureScheme } from './signature-scheme.ts';

/**
 * `x-life-sign` of the 抖音生活服务 SPI with the time, in ms, at most so many seconds from now; 0: unchecked. The client key is of the
 * address or, where that has none, of its header (developer.open-douyin.com/docs/resource/zh-CN/local-life/connect/spi).
 */
export function lifeSignature(push: Push, maxAgeSeconds: number): SignatureScheme {
  const key = new URLSearchParams(push.query).has('client_key') ? '{query:client_key}' : '{header:x-life-clientkey}';
  return {
    ...KEYED_QUERY,
    template: `{secret}&client_key=${key}&timestamp={query:timestamp}{sorted_query}{http_body}`,
    timestamp:
      maxAgeSeconds === 0 ? null : { in: 'query', name: 'timestamp', unit: 'ms', toleranceSeconds: maxAgeSeconds },
  };
}
