import { damaged } from './xlsx-damage.ts';
import { readWholeXml } from './xlsx-xml.ts';

const MOST_STYLES = 1_000_000; // Excel holds 65,490

/** Whether cells of a style are shown as dates or times, by the number of the style. */
export type DateStyles = readonly boolean[];

/** Reads which styles of a workbook show dates; throws SheetError. */
export async function readDateStyles(bytes: AsyncIterable<Uint8Array>, part: string): Promise<DateStyles> {
  const own = new Map<number, boolean>(); // formats of the workbook's own, by number
  const formats: number[] = []; // of each style
  let inStyles = false;
  await readWholeXml(bytes, part, {
    open: (name, attributes) => {
      if (name === 'cellXfs') inStyles = true;
      else if (name === 'numFmt') own.set(Number(attributes['numFmtId']), isDateFormat(attributes['formatCode'] ?? ''));
      else if (name === 'xf' && inStyles) formats.push(Number(attributes['numFmtId'] ?? 0));
      if (formats.length + own.size > MOST_STYLES) throw damaged(`It has more than ${MOST_STYLES} styles.`);
    },
    text: () => undefined,
    close: (name) => {
      if (name === 'cellXfs') inStyles = false;
    },
  });
  return formats.map((format) => own.get(format) ?? isBuiltInDate(format));
}

// 27 to 36 and 50 to 58 are dates where the language is Chinese, Japanese or Korean; 46 is an elapsed time.
function isBuiltInDate(format: number): boolean {
  if (format === 45 || format === 47) return true;
  return (format >= 14 && format <= 22) || (format >= 27 && format <= 36) || (format >= 50 && format <= 58);
}

/** Whether a number format shows a point in time: it has y, m, d, h or s as such; elapsed times as [h]:mm do not. */
export function isDateFormat(code: string): boolean {
  const positive = code.replace(/"[^"]*"?|[\\_*][\s\S]?/gu, '').split(';')[0] ?? '';
  if (/\[(h+|m+|s+)\]/i.test(positive)) return false;
  const bare = positive.replace(/\[[^\]]*\]?/g, '');
  return !/general/i.test(bare) && /[ymdhs]/i.test(bare);
}
