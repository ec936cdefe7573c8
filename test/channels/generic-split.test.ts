import t from 'tap';
import type { LeadItem, Push, Setup } from '../../src/channels/channel.ts';
import { genericSplit } from '../../src/channels/generic-split.ts';

const PUSH: Push = {
  method: 'POST',
  path: '/in/x',
  query: 'q=7',
  headers: { 'x-id': 'h-1' },
  body: Buffer.alloc(0),
  receivedAt: 0,
};

function leads(value: unknown, settings: Setup['settings']): readonly LeadItem[] | string {
  const split = genericSplit(value, PUSH, { secrets: [], credentials: {}, settings: { scheme: 'none', ...settings } });
  if (split.kind === 'unmappable') return split.kind;
  return split.items.flatMap((item) => (item.kind === 'lead' ? [item] : []));
}

function first(value: unknown, settings: Setup['settings']): LeadItem | undefined {
  const found = leads(value, settings);
  return typeof found === 'string' ? undefined : found[0];
}

t.test('leads are the body, its elements, or what stands at the path', async (t) => {
  t.equal(leads({ a: 1 }, {}).length, 1);
  t.equal(leads([{ a: 1 }, { a: 2 }], {}).length, 2);
  t.equal(leads({ d: { l: [{ a: 1 }, { a: 2 }, { a: 3 }] } }, { records: 'd.l' }).length, 3);
  t.equal(leads({ 'd.l': [{ a: 1 }] }, { records: 'd.l' }).length, 1, 'a key that is literally so');
  t.equal(leads({ d: '[{"a":1},{"a":2}]' }, { records: 'd' }).length, 2, 'JSON in a text');
  t.equal(leads({ d: ['{"a":1}', '{"a":2}'] }, { records: 'd' }).length, 2, 'each of them');
  t.strictSame(leads([], {}), [], 'none, which is said as ignored');
});

t.test('anything else is unmappable, all or none', async (t) => {
  for (const value of [null, 1, 'x', true, undefined, [1], [{ a: 1 }, 2], [[{}]]])
    t.equal(leads(value, {}), 'unmappable');
  t.equal(leads({ a: 1 }, { records: 'b' }), 'unmappable');
});

t.test('ids come from where the settings say', async (t) => {
  const body = { id: 12, lead: { no: ' L1 ' }, n: { id: 'x' } };
  t.equal(first(body, { delivery_id: 'header:X-Id' })?.deliveryId, 'h-1');
  t.equal(first(body, { delivery_id: 'query:q' })?.deliveryId, '7');
  t.equal(first(body, { delivery_id: 'id' })?.deliveryId, '12');
  t.equal(first({ ...body, l: [{ a: 1 }] }, { delivery_id: 'body:n.id', records: 'l' })?.deliveryId, 'x');
  t.equal(first(body, {})?.deliveryId, null);
  t.equal(first(body, { external_id: 'lead.no' })?.externalId, 'L1');
  for (const none of ['', ' ', 0, '0', -1, null, {}, '\u0000'])
    t.equal(first({ external_id: none }, {})?.externalId, null);
});

t.test('an id of the delivery is no content, wherever it is', async (t) => {
  t.strictSame(first({ m: 1, a: 2 }, { delivery_id: 'm' })?.content, { a: 2 });
  t.strictSame(first({ m: 1, a: 2 }, { delivery_id: 'body:m' })?.content, { a: 2 });
  t.strictSame(first({ d: { m: 1, a: 2 } }, { delivery_id: 'm', records: 'd' })?.content, { a: 2 });
  t.strictSame(first({ m: 1, a: 2 }, { delivery_id: 'header:x-id' })?.content, { m: 1, a: 2 });
});

t.test('a shared key is not kept', async (t) => {
  const scheme = { method: 'equal', signature: { in: 'body', name: 'auth.key' } };
  const lead = first({ auth: { key: 's', by: 'me' }, a: 1 }, { scheme });
  for (const kept of [lead?.record, lead?.content, lead?.alone]) t.strictSame(kept, { auth: { by: 'me' }, a: 1 });
});

t.test('several leads under one delivery id have one each, also when they come back alone', async (t) => {
  const settings = { delivery_id: 'body:m', records: 'l' };
  const found = leads({ m: 'd', l: [{ a: 1 }, { a: 2 }], z: 1 }, settings);
  t.strictSame(
    typeof found === 'string'
      ? []
      : found.map(({ deliveryId, alone }) => [deliveryId, alone, first(alone, settings)?.deliveryId]),
    [
      ['d#0', { m: 'd#0', l: [{ a: 1 }], z: 1 }, 'd#0'],
      ['d#1', { m: 'd#1', l: [{ a: 2 }], z: 1 }, 'd#1'],
    ],
  );
  const own = leads([{ m: 'a' }, { m: 'b' }], { delivery_id: 'm' });
  t.strictSame(typeof own === 'string' ? [] : own.map(({ deliveryId }) => deliveryId), ['a', 'b'], 'own ids stay');
});

t.test('tests are told by value', async (t) => {
  for (const value of [true, 1, '1', 'TRUE', '测试'])
    t.equal(first({ test: value }, {})?.draft.test, true, String(value));
  for (const value of [false, 0, '', 'no', null, {}])
    t.equal(first({ test: value }, {})?.draft.test, undefined, String(value));
  t.equal(first({ kind: '广告预览' }, { test: 'kind', test_values: ['广告预览'] })?.draft.test, true);
  t.equal(first({}, { test: 'header:x-id', test_values: ['H-1'] })?.draft.test, true);
});

t.test('much around many leads is not copied for each', async (t) => {
  const around = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]));
  const l = Array.from({ length: 5_000 }, (_, i) => ({ external_id: `e${i}` }));
  const started = performance.now();
  t.equal(leads({ ...around, l }, { records: 'l' }), 'unmappable');
  t.equal(leads({ l }, { records: 'l' }).length, 5_000);
  t.equal(leads(l, {}).length, 5_000);
  t.ok(performance.now() - started < 3_000);
});
