import { createHash } from 'node:crypto';
import t from 'tap';
import type { KeyGrant } from '../../src/domain/key.ts';
import { createKeyCache, nameOfSecret } from '../../src/http/key-cache.ts';

const GRANT = { id: 'k1' } as KeyGrant;
const NAME = nameOfSecret('clew_x');

t.test('asks with the SHA-256 of the secret', async (t) => {
  const asked: Buffer[] = [];
  const cache = createKeyCache(async (hash) => {
    asked.push(hash);
    return GRANT;
  }, 5);
  t.equal(await cache.look(NAME, 0), GRANT);
  t.strictSame(asked, [createHash('sha256').update('clew_x').digest()]);
});

t.test('remembers known and unknown keys for its seconds, and that one has worked for longer', async (t) => {
  for (const grant of [GRANT, null]) {
    const cache = createKeyCache(async () => grant, 5);
    t.equal(cache.known(NAME, 0), undefined);
    await cache.look(NAME, 0);
    t.equal(cache.known(NAME, 4_999), grant);
    t.equal(cache.known(NAME, 5_000), undefined);
    t.equal(cache.hasWorked(NAME), grant !== null);
  }
});

t.test('asks once however many ask at the same time, and again after a failure', async (t) => {
  let times = 0;
  const cache = createKeyCache(async () => {
    times++;
    if (times === 1) throw new Error('away');
    return GRANT;
  }, 5);
  await t.rejects(Promise.all([cache.look(NAME, 0), cache.look(NAME, 0)]), { message: 'away' });
  t.equal(times, 1);
  t.equal(await cache.look(NAME, 0), GRANT);
});

t.test('forgets what has changed, also what is on its way from the database', async (t) => {
  const other = { id: 'k2' } as KeyGrant;
  const [second, answers] = [
    nameOfSecret('clew_y'),
    new Map([
      [NAME, GRANT],
      [nameOfSecret('clew_y'), other],
    ]),
  ];
  const waiting: (() => void)[] = [];
  let wait = false;
  const cache = createKeyCache(async (hash) => {
    const grant = answers.get(hash.toString('base64')) ?? null;
    if (wait) await new Promise<void>((resolve) => waiting.push(resolve));
    return grant;
  }, 5);
  await cache.look(NAME, 0);
  await cache.look(second, 0);
  cache.forget(({ id }) => id === 'k1');
  t.equal(cache.known(NAME, 0), undefined);
  t.equal(cache.hasWorked(NAME), true, 'a flood from its address does not lock it out');
  t.equal(cache.known(second, 0), other, 'others stay');
  wait = true;
  const before = cache.look(NAME, 0);
  const revoked = { ...GRANT, revokedAt: 1 };
  answers.set(NAME, revoked);
  cache.forget(({ id }) => id === 'k1');
  const after = cache.look(NAME, 0);
  for (const resolve of waiting) resolve();
  t.strictSame([await before, await after], [GRANT, revoked]);
  t.equal(cache.known(NAME, 0), revoked, 'what was asked for before the change is not remembered');
});
