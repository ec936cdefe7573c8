import { baidu } from './baidu.ts';
import type { Channel } from './channel.ts';
import { douyin } from './douyin.ts';
import { douyinLife } from './douyin-life.ts';
import { feiyu } from './feiyu.ts';
import { generic } from './generic.ts';
import { githubStyle } from './github-style.ts';
import { googleAds } from './google-ads.ts';
import { jotform } from './jotform.ts';
import { kuaishou } from './kuaishou.ts';
import { linkedin } from './linkedin.ts';
import { meta } from './meta.ts';
import { oceanEngine } from './ocean-engine.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { tencent } from './tencent.ts';
import { tiktok } from './tiktok.ts';
import { typeform } from './typeform.ts';
import { unbounce } from './unbounce.ts';
import { webflow } from './webflow.ts';
import { wecom } from './wecom.ts';
import { xiaohongshu } from './xiaohongshu.ts';

/** Every kind of source that a platform pushes to, by its name. */
export const CHANNELS: Readonly<Record<string, Channel>> = Object.freeze({
  'ocean-engine': oceanEngine,
  feiyu,
  douyin,
  'douyin-life': douyinLife,
  xiaohongshu,
  tencent,
  baidu,
  kuaishou,
  wecom,
  'google-ads': googleAds,
  meta,
  tiktok,
  linkedin,
  typeform,
  webflow,
  unbounce,
  jotform,
  'standard-webhooks': standardWebhooks,
  'github-style': githubStyle,
  generic,
});

/** The channel of a kind; null when there is none. */
export function channelOf(kind: string): Channel | null {
  return Object.hasOwn(CHANNELS, kind) ? (CHANNELS[kind] ?? null) : null;
}
