import t from 'tap';
import { ownNames } from '../../src/channels/own-names.ts';

t.test('names of the advertiser become those of the platform, with dots or without', async (t) => {
  const record = { 'address.phone': '13800138001', 电话2: 'x', left: 1 };
  t.strictSame(ownNames(record, { telphone: 'address.phone', name: 'absent', left: 'left' }), {
    电话2: 'x',
    left: 1,
    telphone: '13800138001',
  });
});

t.test('names that change places, and one that stands for two', async (t) => {
  t.strictSame(ownNames({ name: '13800138001', telphone: '张三' }, { telphone: 'name', name: 'telphone' }), {
    telphone: '13800138001',
    name: '张三',
  });
  t.strictSame(ownNames({ x: 1 }, { a: 'x', b: 'x' }), { a: 1, b: 1 });
});

t.test('a map that is none changes nothing', async (t) => {
  const record = { a: 1 };
  for (const names of [undefined, null, 'x', [], { a: 1 }, { a: null }, { b: 'constructor' }])
    t.equal(ownNames(record, names), record);
});
