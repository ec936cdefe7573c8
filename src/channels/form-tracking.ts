/** What ad platforms add to the address of a landing page: the id of the click. */
export const CLICK_IDS: readonly string[] = [
  'click_id', // 小红书, and pages that put every platform's under one name
  'clickid', // 巨量引擎
  'gclid', // Google, with the four after it
  'gcl_id',
  'gbraid',
  'wbraid',
  'dclid',
  'fbclid', // Meta
  'ttclid', // TikTok
  'msclkid', // Microsoft
  'gdt_vid', // 腾讯广告
  'qz_gdt',
  'bd_vid', // 百度
  'li_fat_id', // LinkedIn
  'twclid', // X
];

const TRACKING = new Set(['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', ...CLICK_IDS]);

/** What the address of a page says of where its visitor came from: utm and click ids, by name; nothing where it is no address. */
export function trackingOf(page: string | null): Readonly<Record<string, string>> {
  if (page === null || !/^https?:/i.test(page) || !URL.canParse(page)) return {};
  const asked = [...new URL(page).searchParams].filter(([name, value]) => TRACKING.has(name) && value.trim() !== '');
  return Object.fromEntries(asked.reverse()); // of one that comes twice the first counts
}
