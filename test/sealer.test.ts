import t from 'tap';
import { createSealer, readSecretKey, SEAL_OVERHEAD, type VaultError } from '../src/sealer.ts';

const [A, B, C] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
const salt = (n: number) => Buffer.alloc(12, n);

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as VaultError).code;
  }
}

t.test('what is sealed opens again, in the same and in another process', async (t) => {
  const one = createSealer(A, [], salt(1));
  const other = createSealer(A, [], salt(2));
  for (const plain of [Buffer.alloc(0), Buffer.from('张三 13800138000'), Buffer.alloc(100_000, 'x')]) {
    const sealed = one.seal(plain);
    t.equal(sealed.length, plain.length + SEAL_OVERHEAD);
    t.ok(one.open(sealed).equals(plain));
    t.ok(other.open(sealed).equals(plain));
  }
});

t.test('one text is never sealed the same way twice', async (t) => {
  const sealer = createSealer(A, [], salt(1));
  const sealed = Array.from({ length: 1000 }, () => sealer.seal(Buffer.from('same')).toString('hex'));
  t.equal(new Set(sealed).size, 1000);
});

t.test('a change of any one bit of any byte, a cut or an addition is refused', async (t) => {
  const sealer = createSealer(A, [], salt(1));
  const sealed = sealer.seal(Buffer.from('secret'));
  for (let at = 0; at < sealed.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      const expected = at >= 1 && at < 5 ? 'sealed_key_unknown' : 'sealed_tampered';
      if (codeOf(() => sealer.open(changed)) !== expected)
        t.fail(`byte ${at}, bit ${bit} was not refused as ${expected}`);
    }
    if (codeOf(() => sealer.open(sealed.subarray(0, at))) === undefined)
      t.fail(`a cut after ${at} bytes was not refused`);
  }
  t.equal(
    codeOf(() => sealer.open(Buffer.concat([sealed, Buffer.alloc(1)]))),
    'sealed_tampered',
  );
  t.equal(sealer.open(sealed).toString(), 'secret');
});

t.test('after a rotation the former keys still open, and others do not', async (t) => {
  const sealed = createSealer(A, [], salt(1)).seal(Buffer.from('old'));
  const rotated = createSealer(C, [B, A], salt(1));
  t.equal(rotated.open(sealed).toString(), 'old');
  t.notOk(rotated.isCurrent(sealed));
  t.ok(rotated.isCurrent(rotated.seal(Buffer.from('new'))));
  t.equal(
    codeOf(() => createSealer(B, [C], salt(1)).open(sealed)),
    'sealed_key_unknown',
  );
});

t.test('a key is read from hex and from both alphabets of base64', async (t) => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));
  for (const encoding of ['hex', 'base64', 'base64url'] as const)
    t.ok(readSecretKey(key.toString(encoding)).equals(key), encoding);
});
