import { randomBytes } from 'node:crypto';
import t from 'tap';
import type { ImportState } from '../../src/domain/import.ts';
import { newId } from '../../src/flows/new-id.ts';
import { cancelImportIn, runImportIn } from '../../src/flows/switch-import.ts';
import { changeImport, insertImport } from '../../src/store/imports.ts';
import { finish, importerOf, upload } from '../helpers/importing.ts';
import { type Service, startService } from '../helpers/service.ts';

const AT = Date.UTC(2026, 5, 1);
const id = () => newId(AT, randomBytes);
const ACT = { actor: 'key:ops', at: AT, requestId: 'r1', newId: id, chance: randomBytes };

async function make({ db }: Service, state: ImportState, dryRun: boolean, done = 0): Promise<string> {
  const importId = id();
  const made = {
    sourceId: id(),
    dryRun,
    mode: 'live',
    fileName: null,
    stores: null,
    options: {},
    actor: 'key:x',
  } as const;
  await insertImport(db, { ...made, id: importId, requestId: null, at: AT });
  const counts = { classes: { new: done }, decisions: { created: done } };
  await changeImport(db, importId, { state, rows_done: done, counts, rows_total: 10 });
  await db
    .insertInto('import_chunk')
    .values({ import_id: importId, seq: 0, body: Buffer.from('x'), sealed: false })
    .execute();
  return importId;
}

const told = ({ db }: Service) => db.selectFrom('event').selectAll().where('type', '=', 'import.completed').execute();

t.test('what may be cancelled, and what not', async (t) => {
  const service = await startService(t);
  const { db } = service;
  const cancel = (one: string) => db.transaction().execute((tx) => cancelImportIn(tx, ACT, one));
  for (const state of ['uploading', 'waiting', 'checking', 'running', 'previewed'] as const) {
    const one = await make(service, state, false);
    t.match(await cancel(one), { state: 'cancelled', finishedAt: AT, version: 3 }, state);
    const row = await db.selectFrom('import').selectAll().where('id', '=', one).executeTakeFirstOrThrow();
    t.match(row, { state: 'cancelled', finished_at: AT, version: 3 });
  }
  t.strictSame(await db.selectFrom('import_chunk').select('seq').execute(), [], 'no bytes are left');
  for (const state of ['completed', 'failed', 'cancelled', 'reverting', 'reverted'] as const) {
    await t.rejects(cancel(await make(service, state, false)), {
      code: 'state_conflict',
      members: { state, allowed: ['uploading', 'waiting', 'checking', 'running', 'previewed'] },
    });
  }
  await t.rejects(cancel(id()), { code: 'not_found' });
  const run = async (state: ImportState) => {
    const one = await make(service, state, true);
    return db.transaction().execute((tx) => runImportIn(tx, ACT, one));
  };
  t.match(await run('previewed'), { state: 'waiting', dryRun: false, rowsDone: 0 });
  await t.rejects(run('running'), { code: 'state_conflict', members: { allowed: ['previewed'] } });
});

t.test('an import that ends is told, once: cancelled with rows, completed, failed; no dry run', async (t) => {
  const service = await startService(t);
  const { db } = service;
  const cancel = (one: string) => db.transaction().execute((tx) => cancelImportIn(tx, ACT, one));
  await cancel(await make(service, 'running', true, 5));
  await cancel(await make(service, 'waiting', false));
  t.strictSame(await told(service), [], 'of a dry run, or where nothing was done, nobody hears');
  const stopped = await make(service, 'running', false, 5);
  await cancel(stopped);
  t.match(await told(service), [
    {
      subject_kind: 'import',
      subject_id: stopped,
      actor: 'key:ops',
      customer_id: null,
      data: {
        state: 'cancelled',
        rows_total: 10,
        rows_done: 5,
        failed: 0,
        classes: { new: 5 },
        decisions: { created: 5 },
      },
    },
  ]);
  const { sourceId } = await service.makeKey({});
  const importer = importerOf(t, service);
  const whole = await upload(service, { sourceId, file: '手机号\n13800138000\n12\n' });
  await finish(service, importer, whole);
  const broken = await upload(service, { sourceId, file: 'x\ny\n' });
  await finish(service, importer, broken);
  t.match((await told(service)).slice(1), [
    { subject_id: whole, data: { source_id: sourceId, state: 'completed', rows_done: 2, failed: 1 } },
    { subject_id: broken, data: { state: 'failed', rows_total: null, rows_done: 0, failed: 0 } },
  ]);
});
