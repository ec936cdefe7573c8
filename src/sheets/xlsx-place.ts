/** The column, from 0, of a cell's place such as C5; null where it names none or one beyond XFD. */
export function columnAt(place: string): number | null {
  let column = 0;
  let letters = 0;
  for (; letters < place.length; letters += 1) {
    const letter = (place.charCodeAt(letters) & ~0x20) - 0x40; // a as A
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return letters === 0 || column > 16_384 ? null : column - 1;
}

/** The place of a cell as a spreadsheet names it: C5 of column 2 from 0 in row 5 from 1. */
export function placeOf(column: number, row: number): string {
  let letters = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(0x41 + ((left - 1) % 26)) + letters;
  }
  return `${letters}${row}`;
}
