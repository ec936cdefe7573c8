import t from 'tap';
import type { SourceSecret } from '../../src/domain/source.ts';
import type { Vault } from '../../src/domain/vault.ts';
import {
  createSource,
  getSource,
  pauseSource,
  resumeSource,
  rotateSourceSecret,
  updateSource,
} from '../../src/flows/sources.ts';
import { listAudit } from '../../src/store/audit.ts';
import { createDb, type Db } from '../../src/store/database.ts';
import { listSources } from '../../src/store/sources.ts';
import { testAct } from '../helpers/act.ts';
import { testDatabase } from '../helpers/database.ts';
import { testVault } from '../helpers/vault.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const NOBODY = '00000000-0000-7000-8000-000000000000';

async function secretsOf(db: Db, vault: Vault, id: string): Promise<readonly SourceSecret[]> {
  const row = await db.selectFrom('source').select('secrets').where('id', '=', id).executeTakeFirstOrThrow();
  return JSON.parse(vault.openText(row.secrets ?? ''));
}

t.test('a source is made with a secret that is sealed in the database', async (t) => {
  const { pool } = await testDatabase(t);
  const [db, vault] = [createDb(pool), testVault()];
  const { source, secret } = await createSource(db, vault, testAct(NOW), {
    name: '落地页',
    kind: 'github-style',
    channel: 'search',
    defaults: { store: 'S1', campaign: { id: 'c1' } },
    settings: { completes_later: true },
  });
  t.match(source, {
    name: '落地页',
    kind: 'github-style',
    state: 'active',
    channel: 'search',
    version: 1,
    hasSecret: true,
    hasCredentials: false,
    createdAt: NOW,
  });
  t.strictSame(source.defaults, { store: 'S1', campaign: { id: 'c1' } });
  t.match(secret, /^[A-Za-z0-9_-]{43}$/);
  t.match(await secretsOf(db, vault, source.id), [{ secret, expires_at: null }]);
  t.strictSame(await getSource(db, source.id), source);
  const { rows } = await pool.query('select s::text || (select a::text from audit a) as all from source s');
  t.notMatch(rows[0].all, secret);
  t.match(await listAudit(db, { limit: 9 }), [
    { action: 'source.created', subjectId: source.id, detail: { name: '落地页' } },
  ]);
});

t.test('a platform may give the secret', async (t) => {
  const [db, vault] = [createDb((await testDatabase(t)).pool), testVault()];
  const made = await createSource(db, vault, testAct(NOW), {
    name: 'a',
    kind: 'github-style',
    secret: 'given-by-them',
  });
  t.equal(made.secret, 'given-by-them');
  await t.rejects(createSource(db, vault, testAct(NOW), { name: 'b', kind: 'github-style', secret: 'short' }), {
    code: 'body_invalid',
    path: 'secret',
  });
});

t.test('names are unique, kinds are known, and what is refused leaves nothing', async (t) => {
  const [db, vault] = [createDb((await testDatabase(t)).pool), testVault()];
  const make = (name: string, kind = 'rest', channel: string | null = null) =>
    createSource(db, vault, testAct(NOW), { name, kind, channel });
  const results = await Promise.allSettled([1, 2, 3, 4].map(() => make('crm')));
  t.equal(results.filter((it) => it.status === 'fulfilled').length, 1);
  for (const it of results) if (it.status === 'rejected') t.match(it.reason, { code: 'state_conflict', path: 'name' });
  await t.rejects(make('x', 'carrier-pigeon'), { code: 'body_invalid', path: 'kind' });
  await t.rejects(make('toString', 'toString'), { code: 'body_invalid', path: 'kind' });
  await t.rejects(make(''), { code: 'body_invalid', path: 'name' });
  await t.rejects(make('y', 'rest', 'two words'), { code: 'body_invalid', path: 'channel' });
  t.strictSame(
    (await listSources(db)).map((it) => it.name),
    ['crm'],
  );
  t.equal((await listAudit(db, { limit: 9 })).length, 1);
});

t.test('a change is taken only at the version that was seen', async (t) => {
  const [db, vault] = [createDb((await testDatabase(t)).pool), testVault()];
  const { source } = await createSource(db, vault, testAct(NOW), {
    name: 'a',
    kind: 'rest',
    channel: 'shop',
    defaults: { store: 'S1' },
  });
  await createSource(db, vault, testAct(NOW), { name: 'b', kind: 'rest' });
  const changes = await Promise.allSettled(
    ['S2', 'S3', 'S4'].map((store) =>
      updateSource(db, testVault(), testAct(NOW + 1), source.id, 1, { defaults: { store } }),
    ),
  );
  t.equal(changes.filter((it) => it.status === 'fulfilled').length, 1);
  for (const it of changes) if (it.status === 'rejected') t.match(it.reason, { code: 'version_conflict' });
  const changed = await updateSource(db, testVault(), testAct(NOW + 2), source.id, 2, {
    name: 'c',
    channel: null,
    settings: { update_semantics: true },
  });
  t.match(changed, {
    name: 'c',
    channel: null,
    settings: { update_semantics: true },
    version: 3,
    updatedAt: NOW + 2,
    createdAt: NOW,
  });
  t.match(changed.defaults, { store: /S[234]/ }, 'what is not named stays');
  await t.rejects(updateSource(db, testVault(), testAct(NOW), source.id, 3, { name: 'b' }), {
    code: 'state_conflict',
    path: 'name',
  });
  t.equal(
    (await updateSource(db, testVault(), testAct(NOW), source.id, 3, { name: 'c' })).version,
    4,
    'its own name is free for it',
  );
  await t.rejects(updateSource(db, testVault(), testAct(NOW), NOBODY, 1, {}), { code: 'not_found' });
  t.equal((await listAudit(db, { action: 'source.updated', limit: 9 })).length, 3);
});

t.test('a change waits for one that is under way, and sees what it made', async (t) => {
  const { pool } = await testDatabase(t);
  const db = createDb(pool);
  const { source } = await createSource(db, testVault(), testAct(NOW), { name: 'a', kind: 'rest' });
  const other = await pool.connect();
  await other.query('begin');
  await other.query(`update source set version = 2, name = 'b' where id = $1`, [source.id]);
  const change = updateSource(db, testVault(), testAct(NOW), source.id, 1, { channel: 'shop' });
  change.catch(() => undefined); // looked at below
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await pool.query(waiting)).rowCount === 0);
  await other.query('commit');
  other.release();
  await t.rejects(change, { code: 'version_conflict' });
  t.match(await getSource(db, source.id), { version: 2, name: 'b', channel: null });
});

t.test('a source is paused and resumed, each once', async (t) => {
  const [db, vault] = [createDb((await testDatabase(t)).pool), testVault()];
  const { source } = await createSource(db, vault, testAct(NOW), { name: 'a', kind: 'rest' });
  t.match(await pauseSource(db, testAct(NOW), source.id), { state: 'paused', version: 2 });
  t.match(await pauseSource(db, testAct(NOW), source.id), { state: 'paused', version: 2 });
  t.match(await resumeSource(db, testAct(NOW), source.id), { state: 'active', version: 3 });
  const entries = await listAudit(db, { subjectId: source.id, limit: 9 });
  t.strictSame(entries.map((it) => it.action).sort(), ['source.created', 'source.paused', 'source.resumed']);
  await t.rejects(pauseSource(db, testAct(NOW), NOBODY), { code: 'not_found' });
});

t.test('after a rotation two secrets work, the older one until the overlap ends, never three', async (t) => {
  const [db, vault] = [createDb((await testDatabase(t)).pool), testVault()];
  const first = await createSource(db, vault, testAct(NOW), { name: 'a', kind: 'github-style' });
  const { id } = first.source;
  const second = await rotateSourceSecret(db, vault, testAct(NOW), id, { overlap: 60 });
  t.not(second.secret, first.secret);
  t.match(await secretsOf(db, vault, id), [
    { secret: second.secret, expires_at: null },
    { secret: first.secret, expires_at: NOW + 60_000 },
  ]);
  const third = await rotateSourceSecret(db, vault, testAct(NOW + 1), id, { overlap: 60, secret: 'given-by-them' });
  t.strictSame(
    (await secretsOf(db, vault, id)).map((it) => it.secret),
    [third.secret, second.secret],
  );
  const fourth = await rotateSourceSecret(db, vault, testAct(NOW + 2), id, { overlap: 0 });
  t.strictSame(
    (await secretsOf(db, vault, id)).map((it) => it.secret),
    [fourth.secret],
  );
  t.notMatch(
    JSON.stringify(await listAudit(db, { limit: 9 })),
    new RegExp([first, second, third, fourth].map((it) => it.secret).join('|')),
  );
  await t.rejects(rotateSourceSecret(db, vault, testAct(NOW), NOBODY, { overlap: 0 }), { code: 'not_found' });
});

t.test('a secret that can no longer be opened is replaced by the next', async (t) => {
  const [db, lost, vault] = [createDb((await testDatabase(t)).pool), testVault(), testVault()];
  const { source } = await createSource(db, lost, testAct(NOW), { name: 'a', kind: 'github-style' });
  const rotated = await rotateSourceSecret(db, vault, testAct(NOW + 1), source.id, { overlap: 3600 });
  t.strictSame(
    (await secretsOf(db, vault, source.id)).map((one) => one.secret),
    [rotated.secret],
  );
});
