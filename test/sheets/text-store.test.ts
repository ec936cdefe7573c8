import fc from 'fast-check';
import t from 'tap';
import { createTextStore } from '../../src/sheets/text-store.ts';

t.test('what is put in comes out', async () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
      const store = createTextStore();
      for (const text of texts) store.add(text);
      return texts.every((text, index) => store.at(index) === text) && store.at(texts.length) === null;
    }),
  );
});

t.test('across the ends of blocks', async (t) => {
  const store = createTextStore();
  const texts = Array.from({ length: 5000 }, (_, at) => `${at}${'线索'.repeat(at % 300)}`);
  texts.push('长'.repeat(1_000_000), '', 'last');
  for (const text of texts) store.add(text);
  t.ok(texts.every((text, index) => store.at(index) === text));
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 4, 0);
  t.equal(store.bytes(), bytes, 'it knows what it holds');
});

t.test('there is no text beside those', async (t) => {
  const store = createTextStore();
  t.equal(store.at(0), null);
  store.add('a');
  t.equal(store.at(-1), null);
});
