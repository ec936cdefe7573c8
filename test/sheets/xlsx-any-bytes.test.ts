import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { SheetError } from '../../src/sheets/sheet.ts';
import { openXlsx } from '../../src/sheets/xlsx-sheet.ts';
import { ROOT } from '../helpers/root.ts';
import { fileOf, UNNAMED, WIDE } from './file-of.ts';
import { makeZip } from './make-workbook.ts';
import { rowsOf } from './read-sheet.ts';

const LEADS = await readFile(new URL('test/fixtures/imports/leads.xlsx', ROOT));

async function endsWell(bytes: Uint8Array): Promise<'rows' | 'refused'> {
  try {
    const sheet = await openXlsx(fileOf(bytes), UNNAMED, WIDE);
    const rows = await rowsOf(sheet);
    for (const { cells } of rows) if (cells.some((cell) => typeof cell !== 'string')) throw new Error('no text');
    return 'rows';
  } catch (error) {
    if (error instanceof SheetError) return 'refused';
    throw error;
  }
}

interface Change {
  readonly at: number;
  readonly cut: number;
  readonly put: Uint8Array;
}

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(40),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc
      .constantFrom('<', '>', '"', '&', '/>', '-1', '9e99', '</row>', '<c>', 'PK\x05\x06', '0')
      .map((text) => Buffer.from(text)),
  ),
});

function changed(whole: Uint8Array, changes: readonly Change[]): Buffer {
  return changes.reduce((bytes, { at, cut, put }) => {
    const from = Math.floor(at * bytes.length);
    return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]);
  }, Buffer.from(whole));
}

// The parts of a zip without streamed sizes, told from its list.
function partsOf(zip: Buffer): Readonly<Record<string, Buffer>> {
  const parts: Record<string, Buffer> = {};
  for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 1)) {
    const name = zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28));
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    parts[name] = inflateRawSync(zip.subarray(from, from + zip.readUInt32LE(at + 20)));
  }
  return parts;
}

t.test('any bytes end in rows or a refusal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      await endsWell(bytes);
      await endsWell(Buffer.concat([Buffer.from('PK\x03\x04'), bytes]));
    }),
    { numRuns: 200 },
  );
});

t.test('a changed workbook ends in rows or a refusal', async (t) => {
  const ends = { rows: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      ends[await endsWell(changed(LEADS, changes))] += 1;
    }),
    { numRuns: 300 },
  );
  t.ok(ends.refused > 0, JSON.stringify(ends));
});

t.test('a workbook cut off anywhere is refused', async (t) => {
  for (let length = 0; length < LEADS.length; length += 97) {
    if ((await endsWell(LEADS.subarray(0, length))) !== 'refused') t.fail(`${length} bytes`);
  }
});

t.test('changed XML ends in rows or a refusal', async (t) => {
  const parts = partsOf(LEADS);
  t.equal(await endsWell(await makeZip(parts)), 'rows', 'packed again it is the same');
  const names = Object.keys(parts).filter((name) => /workbook|styles|shared|sheet3|_rels/.test(name));
  const ends = { rows: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      async (name, changes) => {
        const zip = await makeZip({ ...parts, [name]: changed(parts[name] ?? Buffer.alloc(0), changes) });
        ends[await endsWell(zip)] += 1;
      },
    ),
    // By chance alone every one of 400 may be refused.
    { numRuns: 400, examples: [[names[0] ?? '', [{ at: 0, cut: 0, put: new Uint8Array() }]]] },
  );
  t.ok(ends.rows > 0 && ends.refused > 0, JSON.stringify(ends));
});
