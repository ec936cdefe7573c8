import fc from 'fast-check';
import t from 'tap';
import { ID, makeId } from '../../src/domain/seed.ts';
import { absorbedSide, seedOf } from '../../src/domain/sides.ts';

const seed = (n: number) => ({ time: '0197a3c2-5d10', chance: `8${String(n).padStart(3, '0')}-aaaaaaaaaa` });
const touchOf = (n: number, identityId: string, bucket = 'abc') => ({
  id: makeId(seed(n), bucket, ID.touch),
  identityId,
});
const identityOf = (n: number, customerId: string, bucket = 'def', i = 0) => ({
  id: makeId(seed(n), bucket, ID.identity + i),
  customerId,
});

t.test('the ids of one submission have one seed, whatever their buckets', async (t) => {
  fc.assert(
    fc.property(fc.nat(999), fc.nat(255), fc.nat(255), fc.nat(4095), fc.nat(4095), (n, a, b, x, y) => {
      const hex = (bucket: number) => bucket.toString(16).padStart(3, '0');
      t.equal(seedOf(makeId(seed(n), hex(x), a)), seedOf(makeId(seed(n), hex(y), b)));
      t.not(seedOf(makeId(seed(n), hex(x), a)), seedOf(makeId(seed(n + 1), hex(x), a)));
    }),
  );
});

t.test('a touch goes with the identity that brought it', async (t) => {
  const [mine, theirs] = [identityOf(1, 'S'), identityOf(2, 'X')];
  const touches = [touchOf(10, mine.id), touchOf(11, theirs.id), touchOf(12, 'gone')];
  const side = absorbedSide(touches, [mine, theirs], new Set(['X']), new Set([mine.id]));
  t.strictSame([...side.touches], [touches[1]?.id]);
  t.strictSame([...side.identities], []);
});

t.test('an identity made since goes with the touch that brought it, and brings others', async (t) => {
  const [mine, theirs] = [identityOf(1, 'S'), identityOf(2, 'alias-of-X')];
  const wechat = identityOf(20, 'S', '123', 1); // came with a touch by their phone
  const other = identityOf(21, 'S', '456', 1); // came with a touch by mine
  const alone = identityOf(22, 'S', '789', 0); // its touch came by itself: it names neither side
  const touches = [
    touchOf(20, theirs.id),
    touchOf(21, mine.id),
    touchOf(22, alone.id),
    touchOf(30, wechat.id),
    touchOf(31, other.id),
    touchOf(32, alone.id),
  ];
  const side = absorbedSide(
    touches,
    [mine, theirs, wechat, other, alone],
    new Set(['X', 'alias-of-X']),
    new Set([mine.id]),
  );
  t.strictSame([...side.touches], [touches[0]?.id, touches[3]?.id]);
  t.strictSame([...side.identities], [wechat.id]);
});
