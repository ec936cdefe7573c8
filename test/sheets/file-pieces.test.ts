import t from 'tap';
import { filePieces } from '../../src/sheets/file-pieces.ts';
import { fileOf } from './file-of.ts';

async function pieces(from: number, to: number, most: number, given = 5): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const piece of filePieces(fileOf('0123456789', given), from, to, most)) all.push(piece.toString());
  return all;
}

t.test('a part of a file in small pieces', async (t) => {
  t.strictSame(await pieces(0, 10, 3), ['012', '34', '567', '89']);
  t.strictSame(await pieces(2, 4, 3), ['23']);
  t.strictSame(await pieces(4, 4, 3), []);
});

t.test('fewer bytes than there should be are no end', async (t) => {
  await t.rejects(pieces(5, 12, 100, 100), { message: 'the file gave 5 bytes of 7' });
});
