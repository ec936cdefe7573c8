import fc from 'fast-check';
import t from 'tap';
import { BUCKETS, isUuid, uuidv7 } from '../../src/domain/id.ts';

t.test('an id holds its moment and its bucket, and is a UUID of version 7', async () => {
  const instants = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  const buckets = fc.integer({ min: 0, max: BUCKETS - 1 });
  const chances = fc.uint8Array({ minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(instants, buckets, chances, (at, bucket, chance) => {
      const id = uuidv7(at, bucket, chance);
      const hex = id.replaceAll('-', '');
      return (
        isUuid(id) &&
        Number.parseInt(hex.slice(0, 12), 16) === at &&
        hex[12] === '7' &&
        Number.parseInt(hex.slice(13, 16), 16) === bucket &&
        '89ab'.includes(hex[16] ?? '')
      );
    }),
  );
});

t.test('chance decides the rest: another bit, another id', async (t) => {
  const zero = new Uint8Array(8);
  const ids = new Set([uuidv7(1, 2, zero)]);
  for (let bit = 0; bit < 62; bit += 1) {
    const chance = new Uint8Array(8);
    chance[7 - (bit >> 3)] = 1 << (bit & 7);
    ids.add(uuidv7(1, 2, chance));
  }
  t.equal(ids.size, 63);
});

t.test('only a whole UUID in lower case is one', async (t) => {
  const id = uuidv7(1, 2, new Uint8Array(8));
  for (const text of ['', 'x', id.slice(1), `${id}0`, id.replaceAll('-', ''), `${id.slice(0, -1)}g`, `${id}\n`])
    t.notOk(isUuid(text), text);
  t.ok(isUuid(id));
});
