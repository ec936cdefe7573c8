import t from 'tap';
import { KEY_SCOPES } from '../../src/domain/key.ts';
import { createKey, ensureAdminKey, hashOf, revokeKey } from '../../src/flows/keys.ts';
import { createSource } from '../../src/flows/sources.ts';
import { listAudit } from '../../src/store/audit.ts';
import { createDb } from '../../src/store/database.ts';
import { findKeyByHash, listKeys } from '../../src/store/keys.ts';
import { findSource, listSources } from '../../src/store/sources.ts';
import { testAct } from '../helpers/act.ts';
import { testDatabase } from '../helpers/database.ts';
import { testVault } from '../helpers/vault.ts';

const NOW = Date.UTC(2026, 5, 1, 4);

t.test('a key is made with its source, found by its hash, and only the hash is kept', async (t) => {
  const { pool } = await testDatabase(t);
  const db = createDb(pool);
  const { key, secret } = await createKey(db, testAct(NOW), {
    name: 'crm',
    scopes: ['leads:write', 'leads:read', 'leads:write'],
    stores: ['S1', 'S2'],
    adviser: 'A7',
    rateLimit: 600,
    expiresAt: NOW + 1000,
  });
  t.match(secret, /^clew_[A-Za-z0-9_-]{43}$/);
  t.match(key, {
    name: 'crm',
    prefix: secret.slice(0, 11),
    scopes: ['leads:write', 'leads:read'],
    createdBy: 'key:tester',
  });
  const grant = await findKeyByHash(db, hashOf(secret));
  const { source, ...found } = grant ?? {};
  t.strictSame(found, key);
  t.strictSame(source, {
    id: key.sourceId,
    channel: null,
    completesLater: false,
    updateSemantics: false,
    conflicts: 'answer',
    defaults: {},
    name: 'crm',
    kind: 'rest',
    state: 'active',
  });
  t.equal(await findKeyByHash(db, hashOf(`${secret}x`)), null);
  const { rows } =
    await pool.query(`select k::text || s::text || coalesce((select string_agg(a::text, '') from audit a), '') as all
    from api_key k, source s`);
  t.equal(rows.length, 1);
  t.notMatch(rows[0].all, secret.slice(11));
});

t.test('what is done to keys is audited in its transaction', async (t) => {
  const { pool } = await testDatabase(t);
  const db = createDb(pool);
  const { key } = await createKey(db, testAct(NOW), { name: 'crm', scopes: ['ops'] });
  await revokeKey(db, testAct(NOW + 1), key.id);
  const entries = await listAudit(db, { limit: 10 });
  const told = entries.map((entry) => `${entry.action} ${entry.subjectId}`);
  t.equal(told[0], `key.revoked ${key.id}`);
  t.strictSame(told.slice(1).sort(), [`key.created ${key.id}`, `source.created ${key.sourceId}`]);
  for (const entry of entries) t.match(entry, { actor: 'key:tester', requestId: 'req-1' });
  await pool.query('alter table audit rename to gone');
  await t.rejects(createKey(db, testAct(NOW), { name: 'other', scopes: ['ops'] }));
  t.strictSame(
    (await listKeys(db)).map((it) => it.name),
    ['crm'],
  );
});

t.test('a key may be for a source that exists', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  const made = await createSource(db, testVault(), testAct(NOW), {
    name: 'wall',
    kind: 'form',
    channel: 'event',
    defaults: { store: 'S1' },
    settings: { completes_later: true, update_semantics: true },
  });
  const { secret } = await createKey(db, testAct(NOW), {
    name: 'k',
    scopes: ['leads:write'],
    sourceId: made.source.id,
  });
  t.match(await findKeyByHash(db, hashOf(secret)), {
    source: {
      id: made.source.id,
      name: 'wall',
      kind: 'form',
      channel: 'event',
      completesLater: true,
      updateSemantics: true,
      conflicts: 'answer',
      defaults: { store: 'S1' },
    },
  });
  t.equal((await listSources(db)).length, 1);
});

t.test('a key made anew under an old name goes on with the REST source of the name, never with another', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  const both = await Promise.all([1, 2, 3].map(() => createKey(db, testAct(NOW), { name: 'crm', scopes: ['ops'] })));
  t.equal(new Set(both.map(({ key }) => key.sourceId)).size, 1);
  t.equal((await findSource(db, both[0]?.key.sourceId ?? ''))?.name, 'crm');
  await createSource(db, testVault(), testAct(NOW), { name: 'wall', kind: 'form' });
  await t.rejects(createKey(db, testAct(NOW), { name: 'wall', scopes: ['ops'] }), {
    code: 'state_conflict',
    path: 'name',
  });
});

t.test('what a key cannot be is refused with the field', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  const good = { name: 'k', scopes: ['ops'] };
  const refused = async (path: string, input: object) =>
    t.rejects(createKey(db, testAct(NOW), { ...good, ...input }), { name: 'Fault', code: 'body_invalid', path }, path);
  await refused('scopes', { scopes: [] });
  await refused('scopes', { scopes: ['ops', 'root'] });
  await refused('name', { name: ' k' });
  await refused('stores', { stores: ['S1', ''] });
  await refused('adviser', { adviser: 'x'.repeat(65) });
  await refused('rate_limit', { rateLimit: 0 });
  await refused('expires_at', { expiresAt: NOW });
  const nobody = '00000000-0000-7000-8000-000000000000';
  await t.rejects(createKey(db, testAct(NOW), { ...good, sourceId: nobody }), { code: 'not_found', path: 'source_id' });
  t.strictSame([await listKeys(db), await listSources(db), await listAudit(db, { limit: 9 })], [[], [], []]);
});

t.test('revoking is for ever, and once', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  const { key, secret } = await createKey(db, testAct(NOW), { name: 'k', scopes: ['ops'] });
  t.equal((await revokeKey(db, testAct(NOW + 5), key.id)).revokedAt, NOW + 5);
  t.equal((await revokeKey(db, testAct(NOW + 9), key.id)).revokedAt, NOW + 5);
  t.equal((await findKeyByHash(db, hashOf(secret)))?.revokedAt, NOW + 5);
  t.equal((await listAudit(db, { action: 'key.revoked', limit: 9 })).length, 1);
  await t.rejects(revokeKey(db, testAct(NOW), '00000000-0000-7000-8000-000000000000'), { code: 'not_found' });
});

t.test('the admin key of the configuration is made once by many processes, and replaced when it changes', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  const [one, two] = [`clew_${'a'.repeat(43)}`, `clew_${'b'.repeat(43)}`];
  const config = (at: number) => testAct(at, 'config');
  const states = await Promise.all([1, 2, 3, 4].map(() => ensureAdminKey(db, config(NOW), one)));
  t.strictSame(states.sort(), ['made', 'unchanged', 'unchanged', 'unchanged']);
  t.match(await findKeyByHash(db, hashOf(one)), { name: 'admin', scopes: KEY_SCOPES, revokedAt: null });
  const mine = await createKey(db, testAct(NOW), { name: 'admin', scopes: ['admin'] });
  t.equal(await ensureAdminKey(db, config(NOW + 1), two), 'made');
  t.equal((await findKeyByHash(db, hashOf(one)))?.revokedAt, NOW + 1);
  t.equal((await findKeyByHash(db, hashOf(two)))?.revokedAt, null);
  t.equal(
    (await findKeyByHash(db, hashOf(mine.secret)))?.revokedAt,
    null,
    'a key that a person made under the name stays',
  );
  t.equal(await ensureAdminKey(db, config(NOW + 2), one), 'revoked', 'a revoked key does not come back');
  t.equal((await findKeyByHash(db, hashOf(two)))?.revokedAt, null);
});
