import type { XlsxBudget } from './xlsx-budget.ts';
import { damaged } from './xlsx-damage.ts';
import type { DateSystem } from './xlsx-date.ts';
import { foreignZip } from './xlsx-foreign.ts';
import { readRelations, type XlsxRelation } from './xlsx-relations.ts';
import { readWholeXml } from './xlsx-xml.ts';
import type { XlsxZip } from './xlsx-zip.ts';

const MOST_SHEETS = 10_000;

/** A sheet of a workbook. */
export interface XlsxSheet {
  readonly name: string;
  readonly hidden: boolean;
  readonly part: string;
}

/** What a workbook says of itself; parts are null where it has none. */
export interface XlsxWorkbook {
  readonly sheets: readonly XlsxSheet[]; // in order; charts are left out
  readonly dates: DateSystem;
  readonly strings: string | null;
  readonly styles: string | null;
}

/** Reads what a workbook is made of; throws SheetError, format_unknown where the zip is no workbook. */
export async function readWorkbook(zip: XlsxZip, budget: XlsxBudget): Promise<XlsxWorkbook> {
  const top = await readRelations(zip, '', budget);
  const part = partOf(top, 'officeDocument') ?? 'xl/workbook.xml';
  if (/^(word|ppt)\/|\.bin$/i.test(part)) throw foreignZip(zip.names); // what is called officeDocument too
  if (!zip.has(part)) {
    throw zip.has('[Content_Types].xml') ? damaged(`Its part ${part} is missing.`) : foreignZip(zip.names);
  }
  const relations = await readRelations(zip, part, budget);
  const { listed, dates } = await readList(zip, part, budget);
  const sheets = listed.flatMap(({ id, name, hidden }): readonly XlsxSheet[] => {
    const relation = relations.find((candidate) => candidate.id === id);
    if (relation === undefined) throw damaged(`Its sheet ${name} is missing.`);
    return relation.kind === 'worksheet' ? [{ name, hidden, part: relation.part }] : [];
  });
  if (sheets.length === 0) throw damaged('It has no sheet.');
  return { sheets, dates, strings: partOf(relations, 'sharedStrings'), styles: partOf(relations, 'styles') };
}

function partOf(relations: readonly XlsxRelation[], kind: string): string | null {
  return relations.find((relation) => relation.kind === kind)?.part ?? null;
}

interface ListedSheet {
  readonly id: string;
  readonly name: string;
  readonly hidden: boolean;
}

async function readList(
  zip: XlsxZip,
  part: string,
  budget: XlsxBudget,
): Promise<{ readonly listed: readonly ListedSheet[]; readonly dates: DateSystem }> {
  const listed: ListedSheet[] = [];
  let dates: DateSystem = '1900';
  await readWholeXml(zip.read(part, budget), part, {
    open: (name, attributes) => {
      if (name === 'workbookPr' && /^(1|true|on)$/.test(attributes['date1904'] ?? '')) dates = '1904';
      if (name !== 'sheet') return;
      const key = Object.keys(attributes).find((attribute) => attribute.endsWith(':id')) ?? '';
      const hidden = (attributes['state'] ?? 'visible') !== 'visible';
      listed.push({ id: attributes[key] ?? '', name: attributes['name'] ?? '', hidden });
      if (listed.length > MOST_SHEETS) throw damaged(`It has more than ${MOST_SHEETS} sheets.`);
    },
    text: () => undefined,
    close: () => undefined,
  });
  return { listed, dates };
}
