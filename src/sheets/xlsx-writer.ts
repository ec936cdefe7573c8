import { type PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { type RowFeed, rowFeed } from './xlsx-feed.ts';
import { SHEET_HEAD, SHEET_TAIL, sheetPath, workbookParts } from './xlsx-parts.ts';
import { xlsxRow } from './xlsx-row.ts';

/** What a sheet of a workbook can hold. */
const MOST_SHEET_ROWS = 1_048_576;

const WRITTEN = { mtime: new Date(Date.UTC(2000, 0, 1)) }; // the same rows give the same bytes
const PIECE = 65_536; // characters of XML handed on at once

/**
 * A workbook of texts, written while the rows come: the first one is the header and stands on every sheet, of which a further
 * one (`线索 2`) is begun after `sheetRows` rows. Cells are cut to 32,767 characters, and what XML forbids is dropped.
 */
export async function* xlsxFile(
  sheetName: string,
  rows: AsyncIterable<readonly (readonly string[])[]>,
  sheetRows: number = MOST_SHEET_ROWS,
): AsyncGenerator<Uint8Array> {
  const feed = rowFeed(rows);
  const zip = new ZipFile();
  const output = zip.outputStream as PassThrough;
  let sheet: Readable | null = null;
  const write = async (): Promise<void> => {
    const names: string[] = [];
    const header = (await feed.take(1))[0];
    do {
      names.push(names.length === 0 ? sheetName : `${sheetName} ${names.length + 1}`);
      sheet = Readable.from(sheetXml(feed, header, sheetRows), { objectMode: false });
      zip.addReadStream(sheet, sheetPath(names.length), WRITTEN);
      await finished(sheet);
    } while (!(await feed.isOver()));
    for (const [path, xml] of workbookParts(names)) zip.addBuffer(Buffer.from(xml), path, WRITTEN);
    zip.end();
  };
  const written = write().catch((error: Error) => void output.destroy(error));
  try {
    yield* output as AsyncIterable<Buffer>;
    await written;
  } finally {
    (sheet as Readable | null)?.destroy();
    await feed.close();
  }
}

async function* sheetXml(feed: RowFeed, header: readonly string[] | undefined, most: number): AsyncGenerator<Buffer> {
  let xml = SHEET_HEAD;
  let row = 0;
  if (header !== undefined) xml += xlsxRow(++row, header);
  while (row < most) {
    const group = await feed.take(most - row);
    if (group.length === 0) break;
    for (const cells of group) {
      xml += xlsxRow(++row, cells);
      if (xml.length < PIECE) continue;
      yield Buffer.from(xml);
      xml = '';
    }
  }
  yield Buffer.from(xml + SHEET_TAIL);
}
