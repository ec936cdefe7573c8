import t from 'tap';
import { faultIn } from '../../src/sheets/text-fault.ts';
import { fileOf } from './file-of.ts';

const LINE = '13800138000,上海\n';
const UTF8 = { name: 'utf-8', mark: 0 };

t.test('a text that is in its encoding has none', async (t) => {
  for (const block of [1, 5, 65_536]) t.equal(await faultIn(fileOf(LINE.repeat(9)), UTF8, block), null);
  t.equal(await faultIn(fileOf(''), UTF8, 10), null);
});

t.test('the first is found with its line, wherever blocks end', async (t) => {
  const bytes = Buffer.concat([Buffer.from(LINE.repeat(9)), Buffer.from([0xff, 10]), Buffer.from(LINE)]);
  for (const block of [20, 31, 50, 65_536]) {
    const fault = await faultIn(fileOf(bytes), UTF8, block);
    t.equal(fault?.line, 10, `${block}`);
    t.equal(fault?.cut, false);
  }
  const fault = await faultIn(fileOf(bytes), UTF8, 65_536);
  t.strictSame({ rightly: fault?.rightly, wrongly: fault?.wrongly }, { rightly: 20, wrongly: 1 });
});

t.test('a cut is told from the rest', async (t) => {
  const fault = await faultIn(fileOf(Buffer.from(LINE).subarray(0, -2)), UTF8, 65_536);
  t.strictSame(fault, { line: 1, cut: true, rightly: 1, wrongly: 1 });
  t.equal((await faultIn(fileOf(Buffer.from('abc')), { name: 'utf-16le', mark: 0 }, 10))?.line, null);
});
