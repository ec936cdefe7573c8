import { createTextStore, type TextStore } from './text-store.ts';
import { tooLarge } from './xlsx-budget.ts';
import { unescapeText } from './xlsx-text.ts';
import { readWholeXml } from './xlsx-xml.ts';

/**
 * The shared strings of a workbook: runs joined, phonetic guides left out. Throws SheetError, file_too_large where they
 * take more than `limit` bytes.
 */
export async function readStrings(bytes: AsyncIterable<Uint8Array>, part: string, limit: number): Promise<TextStore> {
  const store = createTextStore();
  let text = '';
  let inText = false;
  let guides = 0; // phonetic guides that are open
  await readWholeXml(bytes, part, {
    open: (name) => {
      if (name === 'si') text = '';
      else if (name === 'rPh') guides += 1;
      else if (name === 't') inText = guides === 0;
    },
    text: (piece) => {
      if (inText) text += piece;
      if (text.length > limit) throw tooMany();
    },
    close: (name) => {
      if (name === 't') inText = false;
      else if (name === 'rPh') guides -= 1;
      else if (name === 'si') {
        store.add(unescapeText(text));
        if (store.bytes() > limit) throw tooMany();
      }
    },
  });
  return store;

  function tooMany(): Error {
    return tooLarge(`The different texts of the workbook take more than ${limit} bytes.`);
  }
}
