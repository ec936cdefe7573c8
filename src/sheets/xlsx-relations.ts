import { posix } from 'node:path';
import type { XlsxBudget } from './xlsx-budget.ts';
import { damaged } from './xlsx-damage.ts';
import { readWholeXml } from './xlsx-xml.ts';
import type { XlsxZip } from './xlsx-zip.ts';

const MOST_RELATIONS = 20_000;

/** What a part points to. */
export interface XlsxRelation {
  readonly id: string;
  readonly kind: string; // the last word of its type: worksheet, sharedStrings
  readonly part: string; // name of the part that it points to
}

/** The relations of a part, of the whole file for ''; none where it has no list of them. Throws SheetError. */
export async function readRelations(zip: XlsxZip, part: string, budget: XlsxBudget): Promise<readonly XlsxRelation[]> {
  const folder = posix.dirname(`/${part}`);
  const list = posix.join(folder, '_rels', `${posix.basename(part)}.rels`).slice(1);
  if (!zip.has(list)) return [];
  const relations: XlsxRelation[] = [];
  await readWholeXml(zip.read(list, budget), list, {
    open: (name, attributes) => {
      if (name !== 'Relationship') return;
      const kind = posix.basename(attributes['Type'] ?? '');
      const target = posix.resolve(folder, attributes['Target'] ?? '').slice(1);
      relations.push({ id: attributes['Id'] ?? '', kind, part: target });
      if (relations.length > MOST_RELATIONS) throw damaged(`Its part ${list} has more than ${MOST_RELATIONS} lines.`);
    },
    text: () => undefined,
    close: () => undefined,
  });
  return relations;
}
