import { cleanText } from '../domain/clean.ts';
import type { ImportColumn } from '../domain/import.ts';
import { columnLetter } from './column-letter.ts';
import type { Mapping } from './mapping.ts';
import { IDENTITY_FIELDS } from './sheet-header.ts';
import type { SheetPlan } from './sheet-plan.ts';
import { storable } from './storable.ts';

/** What a line below the header is: only a `row` is a lead. */
export type LineKind = 'row' | 'blank' | 'repeated_header' | 'total';

const TOTAL = /^[\s【[(（]*(?:合\s*计|总\s*计|小\s*计|汇总|共计|总数|(?:(?:grand|sub)[\s-]?)?total(?![a-z]))/i;
const FEWEST_DIGITS = 7; // of a number that somebody can be called at: a count of rows has fewer
const SHORTEST_WECHAT = 5; // characters: an id has 6, one found by its QQ number 5
const MOBILE = /(?<!\d)1[3-9]\d{9}(?!\d)/;

/** What a line below the header is; one that says who somebody is is a row, whatever it begins with. */
export function lineKind(plan: SheetPlan, cells: readonly string[]): LineKind {
  const begin = cells.find((cell) => cleanText(cell) !== undefined);
  if (begin === undefined) return 'blank';
  if (isHeader(plan, cells)) return 'repeated_header';
  return TOTAL.test(begin) && !namesSomebody(plan, cells) ? 'total' : 'row';
}

/** The cells that hold something, by the keys of their columns and in their order; one beyond the header as `column K`. */
export function recordOf({ columns }: SheetPlan, cells: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  let at = 0;
  for (let index = 0; index < cells.length; index++) {
    const column = columns[at]?.index === index ? columns[at++] : undefined;
    const cell = cells[index] ?? '';
    if (column?.use === 'ignored' || cleanText(cell) === undefined) continue;
    record[column?.key ?? freeKey(columns, index)] = cell;
  }
  return record;
}

/** The column at fault for a refusal at a path such as /person/phone: the one that was read, else the one that is for it. */
export function columnOf(plan: SheetPlan, mapping: Mapping, path: string | null): ImportColumn | null {
  const names = (path ?? '').split('/').slice(1);
  for (let length = names.length; length > 0; length--) {
    const field = names.slice(0, length).join('.');
    const found = columnOfField(plan, mapping, field);
    if (found !== null) return found;
  }
  return names[0] === 'person' && PLACES.has(names[1] ?? '') ? columnOfField(plan, mapping, 'region') : null;
}

const PLACES: ReadonlySet<string> = new Set(['province', 'city', 'district', 'street']);

function columnOfField({ columns }: SheetPlan, { fields }: Mapping, field: string): ImportColumn | null {
  const from = fields.find((one) => one.field === field)?.from;
  const read = from === undefined ? undefined : columns.find(({ key }) => key === from);
  return read ?? columns.find((column) => column.field === field && column.use === 'mapped') ?? null;
}

/** The key of a column without a header: one that is typed so is somebody else's. */
function freeKey(columns: SheetPlan['columns'], index: number): string {
  const name = `column ${columnLetter(index)}`;
  let key = name;
  for (let count = 2; columns.some((column) => column.key === key); count++) key = `${name} (${count})`;
  return key;
}

function isHeader({ columns }: SheetPlan, cells: readonly string[]): boolean {
  let at = 0;
  for (let index = 0; index < cells.length || at < columns.length; index++) {
    const header = columns[at]?.index === index ? (columns[at++]?.header ?? '') : '';
    if (!isSame(cells[index] ?? '', header)) return false;
  }
  return true;
}

function isSame(cell: string, header: string): boolean {
  return cell === header || cleanText(storable(cell)) === cleanText(header);
}

function namesSomebody({ columns }: SheetPlan, cells: readonly string[]): boolean {
  const identities = columns.filter(({ field }) => IDENTITY_FIELDS.has(field));
  return (
    identities.some(({ index, field }) => isIdentity(field, cells[index] ?? '')) ||
    cells.some((cell) => MOBILE.test(cell))
  );
}

function isIdentity(field: string | null, cell: string): boolean {
  if (TOTAL.test(cell)) return false;
  const text = cell.normalize('NFKC').trim();
  const digits = text.replace(/\D/g, '').length;
  return digits >= FEWEST_DIGITS || (field !== 'person.phone' && text.length >= SHORTEST_WECHAT);
}
