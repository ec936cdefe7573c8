import { municipalityOf, provinceOf } from './provinces.ts';

/** What a text says of a place, each part as written. */
export interface Region {
  readonly province?: string;
  readonly city?: string;
  readonly district?: string;
  readonly street?: string; // whatever is left behind the parts
}

const SEPARATOR = /[\s+\-/\\,，、;；|·>_.—]/;
const LEADING = /^[\s+\-/\\,，、;；|·>_.—]+/;
const CITY_END = /(?<=.)(?:自治州|地区|市)|(?<=..)盟/;
const DISTRICT_END = /(?<=.)(?:区|县|旗|市)/;
const PLAIN_CITY = /^\p{Script=Han}{2,8}$/u;
const PLAIN_DISTRICT = /^\p{Script=Han}{2,6}$/u;
const NO_CITY = /[区县旗路街道镇乡村号栋]$|^(?:华[东北南中西]|[东西][北南]|全国|海外|国外|境外|其他|中国)/;
const LONGEST = 300;
const COUNTRY = /^(?:中国|中华人民共和国)(?=.)/;

/**
 * Province, city and district of a text such as 江苏+镇江, 广东深圳, 浙江省杭州市西湖区文三路1号; null where nothing of it is a place.
 * A city without 市 is only seen where the text or a separator ends it: 广东深圳南山区 is 广东 with the district 深圳南山区, for where
 * the one ends and the other begins would be a guess. All text but separators is in one of the parts.
 */
export function readRegion(text: string): Region | null {
  if (text.length > LONGEST) return null;
  const plain = text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, '')
    .trim()
    .replace(LEADING, '')
    .replace(COUNTRY, '');
  const all = trimmed(plain);
  const province = provinceOf(all);
  const behind = trimmed(all.slice(province?.length ?? 0));
  const [city, rest] = takeCity(behind, province);
  if (province === null && city === null) return null;
  const [district, street] = takeDistrict(rest);
  return {
    ...(province === null ? {} : { province }),
    ...(city === null ? {} : { city }),
    ...(district === null ? {} : { district }),
    ...(street === '' ? {} : { street }),
  };
}

type Taken = readonly [string | null, string];

function takeCity(text: string, province: string | null): Taken {
  const municipality = province === null ? null : municipalityOf(province);
  if (municipality !== null && province !== null) {
    const again = [`${municipality}市`, municipality].find((name) => text.startsWith(name));
    return again === undefined ? [province, text] : [again, trimmed(text.slice(again.length))];
  }
  const token = tokenOf(text);
  const end = endOf(CITY_END, token);
  if (end !== null) return [token.slice(0, end), trimmed(text.slice(end))];
  // Without a province a bare word may be anything, unless it is all there is.
  if (province === null && token !== text) return [null, text];
  return PLAIN_CITY.test(token) && !NO_CITY.test(token) ? [token, trimmed(text.slice(token.length))] : [null, text];
}

function takeDistrict(text: string): Taken {
  const token = tokenOf(text);
  const end = endOf(DISTRICT_END, token);
  if (end !== null && end <= 12) return [token.slice(0, end), trimmed(text.slice(end))];
  const isBare = PLAIN_DISTRICT.test(token) && !/[路街道镇乡村号栋]$/.test(token);
  return isBare ? [token, trimmed(text.slice(token.length))] : [null, text];
}

function endOf(suffix: RegExp, token: string): number | null {
  const found = suffix.exec(token);
  return found === null ? null : found.index + found[0].length;
}

/** Up to the next separator. */
function tokenOf(text: string): string {
  const end = text.search(SEPARATOR);
  return end < 0 ? text : text.slice(0, end);
}

function trimmed(text: string): string {
  return text.replace(LEADING, '').trimEnd();
}
