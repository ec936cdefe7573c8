import { xmlText } from './xlsx-parts.ts';

const LETTERS = 26;
const LONGEST_CELL = 32_767; // UTF-16 units: a file with a longer one is called damaged by Excel
const ESCAPED = /_(?=x[0-9a-f]{4}_)/gi; // a reader takes _x0041_ for the letter A

/** One row of a sheet as XML: every cell a text, never a formula; cells that hold nothing are left out. `row` is from 1. */
export function xlsxRow(row: number, cells: readonly string[]): string {
  let xml = `<row r="${row}">`;
  for (let index = 0; index < cells.length; index += 1) {
    const text = cellText(cells[index] ?? '');
    if (text === '') continue;
    xml += `<c r="${columnLetters(index)}${row}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
  }
  return `${xml}</row>`;
}

/** The letters of a column, from 0: A, Z, AA. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(0x41 + (index % LETTERS));
  return index < LETTERS ? letter : `${columnLetters(Math.floor(index / LETTERS) - 1)}${letter}`;
}

function cellText(cell: string): string {
  const bounded = cell.length > LONGEST_CELL ? cell.slice(0, LONGEST_CELL) : cell;
  return xmlText(bounded.includes('_') ? bounded.replace(ESCAPED, '_x005F_') : bounded);
}
