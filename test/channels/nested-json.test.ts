import t from 'tap';
import { decodeNested } from '../../src/channels/nested-json.ts';

t.test('JSON in texts, wherever a path finds it', async (t) => {
  const record = { a: '{"id":7400000000000000001,"n":1}', b: { c: ['[1]', '[2]', 'x'] }, d: '{"a":1}' };
  t.strictSame(decodeNested(record, ['a', 'b.c[*]', 'none']), {
    a: { id: '7400000000000000001', n: 1 },
    b: { c: [[1], [2], 'x'] },
    d: '{"a":1}',
  });
  t.equal(record.b.c[0], '[1]', 'the record itself is not changed');
});

t.test('texts that hold none stay', async (t) => {
  const texts = [
    '',
    '张三',
    '123',
    '"x"',
    '{"a":',
    '['.repeat(100_000),
    `${'['.repeat(100)}${']'.repeat(100)}`,
    `[${' '.repeat(300_000)}]`,
  ];
  for (const text of texts) t.strictSame(decodeNested({ a: text }, ['a']), { a: text }, text.slice(0, 10));
});

t.test('pairs of labels and values', async (t) => {
  const record = { a: '地区:浙江;备注:x', b: ['地区:江苏', '没有标签', 7], c: `地区:${'x'.repeat(262_144)}` };
  t.strictSame(decodeNested(record, [], ['a', 'b[*]', 'c', 'none']), {
    ...record,
    a: { 地区: '浙江', 备注: 'x' },
    b: [{ 地区: '江苏' }, '没有标签', 7],
  });
});
