/** A stream of made-up leads: 20 % of them by people who came before, over a million phones, in eight channels. */
export interface LeadStream {
  readonly next: () => Record<string, unknown>;
}

const PHONES = 1_000_000;
const CHANNELS = ['douyin', 'xhs', 'search', 'event', 'shop', 'visit', 'wecom', 'kuaishou'];
const CITIES = ['杭州', '南京', '上海', '北京', '成都'];

/** A stream whose phones begin at `offset` of the million; the same arguments give the same leads. */
export function leadStream(run: string, offset: number): LeadStream {
  let n = 0;
  let state = 0x2545f491 ^ offset;
  const chance = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  let fresh = 0;
  return {
    next: () => {
      n += 1;
      const repeat = fresh > 0 && chance() < 0.2;
      if (!repeat) fresh += 1;
      const person = repeat ? Math.floor(chance() * fresh) : fresh - 1;
      const phone = 13_000_000_000 + ((offset + person) % PHONES) * 7;
      return {
        external_id: `${run}-${n}`,
        channel: CHANNELS[n % CHANNELS.length],
        person: { phone: String(phone), name: `客户${n}`, city: CITIES[n % CITIES.length] },
        traffic: { platform: 'bench', campaign_id: String(100 + (n % 50)), click_id: `c${n}`, utm_source: 'bench' },
        intent: { kind: 'form', need: '想了解价格' },
        campaign: { id: `c${n % 20}` },
      };
    },
  };
}
