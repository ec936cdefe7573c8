import t from 'tap';
import { utf8Pieces } from '../../src/sheets/utf8-pieces.ts';
import { fileOf } from './file-of.ts';
import { faultOf } from './read-sheet.ts';

async function text(bytes: Buffer, name: string, mark: number, piece: number): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const part of utf8Pieces(fileOf(bytes, piece), { name, mark })) pieces.push(part);
  return Buffer.concat(pieces).toString();
}

t.test('a text as UTF-8 without its mark, however it is cut', async (t) => {
  for (const piece of [1, 3, 100]) {
    t.equal(await text(Buffer.from('\uFEFF张三'), 'utf-8', 3, piece), '张三');
    t.equal(await text(Buffer.from([0xd5, 0xc5, 0xc8, 0xfd]), 'gb18030', 0, piece), '张三');
    t.equal(await text(Buffer.from('\uFEFF张三', 'utf16le'), 'utf-16le', 2, piece), '张三');
  }
});

t.test('what is not in its encoding is refused', async (t) => {
  const fault = await faultOf(text(Buffer.from([0x41, 0xd5]), 'gb18030', 0, 100));
  t.equal(fault.code, 'encoding_invalid');
});

t.test('others are let in between pieces', async (t) => {
  let turns = 0;
  const turn = (): void => {
    turns += 1;
    handle = setImmediate(turn);
  };
  let handle = setImmediate(turn);
  await text(Buffer.alloc(10 * 16_384, 65), 'utf-8', 0, 1_000_000);
  clearImmediate(handle);
  t.ok(turns >= 9, `${turns} turns`);
});
