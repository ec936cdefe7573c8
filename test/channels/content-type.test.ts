import * as fc from 'fast-check';
import t from 'tap';
import { contentTypeOf } from '../../src/channels/content-type.ts';

t.test('reads type and charset in any case and quoting', async (t) => {
  for (const [header, type, charset] of [
    [undefined, '', null],
    ['', '', null],
    ['Application/JSON', 'application/json', null],
    ['text/xml; Charset = "GBK"', 'text/xml', 'gbk'],
    ['a/b; x=1;charset=utf-8; charset=gbk', 'a/b', 'utf-8'],
    ['a/b; charset=', 'a/b', null],
  ] as const) {
    t.strictSame(contentTypeOf(header), { type, charset }, header ?? 'none');
  }
});

t.test('throws nothing', async () => {
  await fc.assert(fc.property(fc.string({ unit: 'binary' }), (header) => contentTypeOf(header).charset !== ''));
});
