/** The name that spreadsheets give to a column, counted from 0: A, Z, AA. */
export function columnLetter(index: number): string {
  const above = Math.floor(index / 26);
  const letter = String.fromCharCode(65 + (index % 26));
  return above === 0 ? letter : `${columnLetter(above - 1)}${letter}`;
}
