import type { Fields } from './submission.ts';

/** What names a person: texts as such, numbers by their digits. */
export interface Personal {
  readonly texts: readonly string[];
  readonly digits: readonly string[];
}

const LEAST_DIGITS = 7; // fewer are anything: a price, a house number
const LEAST_TEXT = 2; // one character of a name is in every second text

/** Collects what names a person from names, ids, addresses of e-mail, and numbers in any notation. */
export function personalOf(texts: Iterable<string | null | undefined>, numbers: Iterable<string | null>): Personal {
  const known = [...texts].flatMap((text) => (text == null ? [] : [fold(text).trim()]));
  const digits = [...numbers].flatMap((number) => (number === null ? [] : [nationalDigits(number)]));
  return {
    texts: [...new Set(known)].filter((text) => text.length >= LEAST_TEXT),
    digits: [...new Set(digits)].filter((number) => number.length >= LEAST_DIGITS),
  };
}

/** Whether a text names the person. */
export function mentions({ texts, digits }: Personal, text: string): boolean {
  const folded = fold(text);
  if (texts.some((known) => folded.includes(known))) return true;
  const numbers = folded.replace(/\D/g, '');
  return digits.some((number) => numbers.includes(number));
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** A mainland number without its 86, any other as it is: what is in common to every notation of it. */
function nationalDigits(number: string): string {
  const [main = ''] = fold(number).split(';');
  const digits = main.replace(/\D/g, '');
  return /^86\d{9,11}$/.test(digits) ? digits.slice(2) : digits;
}

/** What reports and attribution count by; free text, click ids, addresses of pages and everything of the person goes. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  advertiser: ['type', 'id', 'name', 'budget_owner', 'ad_account_id', 'cost_centre'],
  traffic: [
    'platform',
    'medium',
    'placement',
    'account_id',
    'campaign_id',
    'campaign_name',
    'adgroup_id',
    'adgroup_name',
    'creative_id',
    'form_id',
    'utm_source',
    'utm_medium',
    'utm_campaign',
  ],
  product: ['brand', 'category', 'series', 'model', 'quantity', 'price', 'currency'],
  intent: ['kind', 'budget', 'currency'],
  campaign: ['id', 'name', 'kind'],
};

/** The field groups of an erased person's submission: what is counted by, less what names them all the same. */
export function scrubFields(fields: Fields, personal: Personal): Fields {
  const groups = Object.entries(fields).flatMap(([name, group]) => {
    const kept = Object.entries(group as object).filter(([key, value]) => {
      return KEPT[name]?.includes(key) === true && !mentions(personal, String(value));
    });
    return kept.length === 0 ? [] : [[name, Object.fromEntries(kept)] as const];
  });
  return Object.fromEntries(groups) as Fields;
}
