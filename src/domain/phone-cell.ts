import { readNumber } from './phone-number.ts';
import { extend, FEWEST_OF_A_NUMBER, type PhonePart, readRun, refusedPart } from './phone-run.ts';
import { readScientific, type ScientificNumber } from './phone-scientific.ts';

/** What a cell holds: its parts in the order typed, and whether words stand beside them that are no label. */
export type PhoneCell = {
  readonly parts: readonly PhonePart[];
  readonly hasRemark: boolean;
  /** A number of the cell was written in E-notation that kept all digits. */
  readonly scientific: boolean;
};

/** More runs than this in one cell are not read: a column of phones holds one or two. */
const MOST_RUNS = 8;
const RUN = /(?:[+(*?][+(*? ]*)?\d[\d .()*?_-]*/g;
/** `转101`, `分机：101`, ` ext. 101`, `x101`, `#101`; a comma is a dialling pause when 3–6 digits end the number there. */
const EXTENSION =
  /[ (]*(?:(?:转接?|轉|分机号?码?|分機|内线|ext(?:ension|n)?|x|#)[ .:=]*(\d{1,8})(?![\d*?])|, ?(\d{3,6})(?= *(?:$|\n)))\)?/iy;
const LABEL =
  /联系(?:电话|方式|手机|号码)|(?:客户|本人|移动|固定|办公|家庭|您的)(?:电话|手机)|(?:电话|手机)(?:号码|号)?|座机|固话|号码|\b(?:telephone|telphone|tel|phone(?: ?no| ?number)?|mobile|cell(?:phone)?|mob|ph|p|t|m|no)\b/gi;
/** Latin words that may touch the digits (`tel138…`); any other letter there makes the whole an identifier. */
const TOUCHING = /(?:^|[^a-z\d])(?:telephone|telphone|tel|phone|mobile|cell|mob|ph|wx|vx|weixin|wechat)$/i;
const LETTER = /[a-z@]/i;

/** Finds the numbers in cleaned text, one pass over it; region is ISO 3166 alpha-2. */
export function readCell(cleaned: string, region: string): PhoneCell {
  const text = plainText(cleaned);
  const parts: PhonePart[] = [];
  let rest = '';
  let scientific = false;
  let at = 0;
  RUN.lastIndex = 0;
  for (let runs = 0; runs < MOST_RUNS; runs += 1) {
    RUN.lastIndex = at;
    const found = RUN.exec(text);
    if (found === null) break;
    rest += `${text.slice(at, found.index)} `;
    const item = readItem(text, found, region);
    parts.push(...item.parts);
    scientific ||= item.scientific;
    at = item.end;
  }
  rest += text.slice(at);
  const short = parts.some((part) => part.kind === 'refused' && part.digits < FEWEST_OF_A_NUMBER);
  const hasRemark = short || /[\p{L}\p{N}]/u.test(rest.replace(LABEL, ''));
  return { parts, hasRemark, scientific };
}

/** RFC 3966's extension in words, thousands separators dropped, and masks of letters or signs written as stars. */
function plainText(cleaned: string): string {
  const text = cleaned
    .replace(/; ?ext ?= ?/gi, ' ext ')
    .replace(/(?<![a-z])[x#]{2,}(?![a-z])/gi, (mask) => '*'.repeat(mask.length));
  return /^\d{1,3}(?:,\d{3}){3,4}(?:\.0+)?$/.test(text) ? text.replaceAll(',', '') : text;
}

type Item = { readonly parts: readonly PhonePart[]; readonly end: number; readonly scientific: boolean };

function readItem(text: string, found: RegExpExecArray, region: string): Item {
  const run = found[0];
  const end = found.index + run.length;
  const before = text[found.index - 1] ?? '';
  const after = text[end] ?? '';
  if (
    /^\d/.test(run) &&
    LETTER.test(before) &&
    !TOUCHING.test(text.slice(Math.max(0, found.index - 12), found.index))
  ) {
    const [first = run] = run.split(' ', 1);
    return plainItem([refusedPart('phone_invalid', first)], found.index + first.length);
  }
  const notation = readScientific(text, found.index + run.search(/\d/));
  if (notation !== undefined) return scientificItem(run, notation, region);
  EXTENSION.lastIndex = end;
  const extension = EXTENSION.exec(text);
  if (extension !== null) {
    const [marker, marked, paused] = extension;
    return plainItem(extendLast(readRun(run, region), marked ?? paused ?? '', marker), EXTENSION.lastIndex);
  }
  if (/\d$/.test(run) && LETTER.test(after)) {
    // The letter belongs to the last group; what stands before it is read now, and the group itself in the next round.
    const last = run.lastIndexOf(' ') + 1;
    if (last === 0) return plainItem([refusedPart('phone_invalid', run)], end);
    return plainItem(readRun(run.slice(0, last), region), found.index + last);
  }
  return plainItem(readRun(`${/[#_]/.test(before) ? '*' : ''}${run}${after === '#' ? '*' : ''}`, region), end);
}

function plainItem(parts: readonly PhonePart[], end: number): Item {
  return { parts, end, scientific: false };
}

function scientificItem(run: string, notation: ScientificNumber, region: string): Item {
  const { digits, end } = notation;
  if (digits === undefined) return plainItem([refusedPart('phone_scientific_notation', run)], end);
  return { parts: [{ ...readNumber(digits, region), digits: digits.length }], end, scientific: true };
}

/** The extension goes to the last number of its run; an x behind an incomplete number is a mask (138x0138000). */
function extendLast(parts: readonly PhonePart[], extension: string, marker: string): readonly PhonePart[] {
  const last = parts.at(-1);
  if (last === undefined) return parts;
  const hidden = last.kind === 'refused' && last.code === 'phone_invalid' && /^[ (]*[x#]/i.test(marker);
  return [...parts.slice(0, -1), hidden ? refusedPart('phone_masked', extension) : extend(last, extension)];
}
