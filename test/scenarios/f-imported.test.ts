import t from 'tap';
import { phoneOf } from '../helpers/captured.ts';
import { awayAfter, finish, importerOf, rowsOf, upload } from '../helpers/importing.ts';
import { NOON, staff, staffTwoStores, tally } from '../helpers/staffed.ts';
import { startWorking, type Working } from '../helpers/working.ts';

t.setTimeout(120_000);

const fileOf = (rows: number): string =>
  ['手机号,姓名', ...Array.from({ length: rows }, (_, n) => `${phoneOf(n)},客户${n}`)].join('\n');

async function sourceOf(s: Working): Promise<string> {
  return (await s.post('/v1/sources', { name: '报名表', kind: 'csv', channel: 'event', defaults: { store: 'S1' } })).id;
}

/** Whose each row's lead is, in the order of rows. */
async function ownersOf(s: Working, id: string): Promise<readonly (string | null)[]> {
  const owners = await s.db.selectFrom('lead').select(['id', 'owner']).execute();
  const byId = new Map(owners.map(({ id, owner }) => [id, owner]));
  return (await rowsOf(s, id)).map(({ lead_id }) => byId.get(lead_id ?? '') ?? null);
}

t.test('scenario 66: ninety rows of one store are thirty each, and a dry run tells of them before', async (t) => {
  const s = await startWorking(t);
  await staffTwoStores(s.db);
  const sourceId = await sourceOf(s);
  const dry = await upload(s, { sourceId, file: fileOf(90), dryRun: true });
  await finish(s, importerOf(t, s, { batchRows: 40 }), dry);
  t.equal((await s.db.selectFrom('pool').selectAll().execute()).length, 0, 'which moves no turn');
  const id = await upload(s, { sourceId, file: fileOf(90) });
  await finish(s, importerOf(t, s, { batchRows: 40 }), id);
  const owners = await ownersOf(s, id);
  t.strictSame(tally(owners), { A1: 30, A2: 30, A3: 30 });
  t.strictSame(owners.slice(0, 4), ['A1', 'A2', 'A3', 'A1'], 'row by row');
  const { preview } = await s.get(`/v1/imports/${dry}`);
  t.equal(preview.length, 20);
  t.strictSame(
    preview.map(({ owner }: { owner: string }) => owner),
    owners.slice(0, 20),
  );
});

t.test('scenario 136: an import that is killed and goes on gives what one that was not does', async (t) => {
  const owners: (readonly (string | null)[])[] = [];
  for (const killed of ['killed', 'whole']) {
    const s = await startWorking(t);
    await staffTwoStores(s.db);
    await staff(s.db, { advisers: { A2: { stores: ['S1'], openCap: 11 }, A3: { stores: ['S1'], dailyCap: 17 } } });
    const sourceId = await sourceOf(s);
    let now = NOON;
    const clock = () => now;
    const id = await upload(s, { sourceId, file: fileOf(100), at: now });
    if (killed === 'killed') {
      const lost = importerOf(t, s, { batchRows: 10, clock, wrapLane: awayAfter(6) });
      while ((await rowsOf(s, id)).length < 40) await lost.round().catch(() => undefined);
      now += 31_000; // the lease has ended
      t.ok((await rowsOf(s, id)).length < 100, 'it was not at its end');
    }
    await finish(s, importerOf(t, s, { batchRows: 33, clock }), id);
    owners.push(await ownersOf(s, id));
  }
  t.strictSame(owners[0], owners[1], 'row by row');
  t.strictSame(tally(owners[0] ?? []), { A1: 72, A2: 11, A3: 17 });
});
