import { unescaped } from './escaped-text.ts';
import type { TextStore } from './text-store.ts';
import { damaged } from './xlsx-damage.ts';
import { type DateSystem, dateText, isoDateText } from './xlsx-date.ts';
import { plainNumber } from './xlsx-number.ts';
import type { DateStyles } from './xlsx-styles.ts';
import { unescapeText } from './xlsx-text.ts';

/** What the cells of a workbook refer to. */
export interface XlsxBook {
  readonly strings: TextStore;
  readonly dateStyles: DateStyles;
  readonly dates: DateSystem;
}

/** A cell as it is stored. */
export interface StoredCell {
  readonly type: string; // s, inlineStr, str, b, e, d, n
  readonly style: number;
  readonly value: string; // of v, or the runs of is joined
}

/** What a cell says, as a text: errors and blank ones ''. Throws SheetError where its shared string is missing. */
export function cellText(cell: StoredCell, book: XlsxBook): string {
  const { type, value } = cell;
  if (value === '' || type === 'e') return '';
  if (type === 's') return unescaped(sharedText(value, book.strings)); // of an errors file that was saved as a workbook
  if (type === 'inlineStr' || type === 'str') return unescaped(unescapeText(value));
  if (type === 'b') return value.trim() === '0' || value.trim() === 'false' ? 'false' : 'true';
  if (type === 'd') return isoDateText(value.trim());
  const date = book.dateStyles[cell.style] === true ? dateText(Number(value), book.dates) : null;
  return date ?? plainNumber(value.trim());
}

function sharedText(value: string, strings: TextStore): string {
  const text = /^\s*\d{1,9}\s*$/.test(value) ? strings.at(Number(value)) : null;
  if (text === null) throw damaged(`A cell refers to the text ${value.slice(0, 20)}, which it does not hold.`);
  return text;
}
