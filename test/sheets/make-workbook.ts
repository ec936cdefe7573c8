import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';

/** A zip of these parts; `zip64` in the form for large files. */
export async function makeZip(
  parts: Readonly<Record<string, string | Uint8Array>>,
  form: 'zip' | 'zip64' = 'zip',
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, part] of Object.entries(parts)) {
    zip.addBuffer(Buffer.from(part), name, { forceZip64Format: form === 'zip64' });
  }
  zip.end({ comment: '', forceZip64Format: form === 'zip64' });
  return buffer(zip.outputStream as NodeJS.ReadableStream);
}

/** What a made workbook holds, as the XML inside its elements. */
export interface Made {
  readonly sheets?: Readonly<Record<string, string>>; // sheetData by name
  readonly hidden?: readonly string[];
  readonly strings?: string; // si elements
  readonly formats?: readonly string[]; // number formats of the styles 1, 2, …; 0 is General
  readonly workbookPr?: string; // its attributes
}

/** The parts of a workbook, as Excel lays them out. */
export function workbookParts(made: Made): Readonly<Record<string, string>> {
  const { sheets = {}, hidden = [], strings = '', formats = [], workbookPr = '' } = made;
  const names = Object.keys(sheets);
  const listed = names.map((name, at) => {
    const state = hidden.includes(name) ? ' state="hidden"' : '';
    return `<sheet name="${name}" sheetId="${at + 1}"${state} r:id="rId${at + 1}"/>`;
  });
  const relations = names.map((_, at) => relation(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`));
  const numFmts = formats.map((code, at) => `<numFmt numFmtId="${at + 176}" formatCode="${code}"/>`);
  const xfs = formats.map((_, at) => `<xf numFmtId="${at + 176}"/>`);
  return {
    '[Content_Types].xml': `${HEAD}<Types/>`,
    '_rels/.rels': `${HEAD}<Relationships ${RELATIONS}>${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook ${MAIN} xmlns:r="${OFFICE}"><workbookPr ${workbookPr}/><sheets>${listed.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships ${RELATIONS}>${relations.join('')}${relation('rId8', 'sharedStrings', 'sharedStrings.xml')}${relation('rId9', 'styles', '/xl/styles.xml')}</Relationships>`,
    'xl/sharedStrings.xml': `${HEAD}<sst ${MAIN}>${strings}</sst>`,
    'xl/styles.xml': `${HEAD}<styleSheet ${MAIN}><numFmts>${numFmts.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${xfs.join('')}</cellXfs></styleSheet>`,
    ...Object.fromEntries(
      Object.values(sheets).map((data, at) => [
        `xl/worksheets/sheet${at + 1}.xml`,
        `${HEAD}<worksheet ${MAIN}><sheetData>${data}</sheetData></worksheet>`,
      ]),
    ),
  };
}

/** A workbook file. */
export async function makeWorkbook(made: Made): Promise<Buffer> {
  return makeZip(workbookParts(made));
}

function relation(id: string, kind: string, target: string): string {
  return `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
}
