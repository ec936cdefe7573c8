import t, { type Test } from 'tap';
import { answersAbout, askRevert, type Imported, revertOn, runFile } from '../helpers/imported.ts';
import { importerOf } from '../helpers/importing.ts';
import { day, P, P2, startWorking } from '../helpers/working.ts';

const P3 = '13700137000';
const HEADER = '线索ID,手机号,姓名,微信,公司,留资时间,渠道,门店';

async function start(t: Test, kind = 'csv') {
  const s = await startWorking(t);
  const importer = importerOf(t, s, { clock: () => Date.parse('2026-12-31T12:00:00Z') });
  const sourceId = (await s.post('/v1/sources', { name: 'file', kind })).id;
  return { s, run: (lines: readonly string[]) => runFile(s, importer, sourceId, [HEADER, ...lines]) };
}

function leadIdOf({ rows }: Imported, at: number): string {
  return rows[at]?.lead_id ?? '';
}

t.test('scenario 139: leads of the import alone disappear, others are as they were before it', async (t) => {
  const { s, run } = await start(t);
  const known = await s.capture1(P, { occurred_at: day(6, 1), campaign: { id: 'C1' } }, { name: '王芳' });
  const asleep = await s.capture1(P2, { occurred_at: day(6, 1), owner: 'A1', store: 'S1' });
  await s.post(`/v1/leads/${asleep.lead_id}/state`, { state: 'dormant', occurred_at: day(6, 2) });
  const before = await answersAbout(s, [P, P2]);
  const lines = [
    `,${P},王小芳,wf_test_1,测试公司,${day(5, 1)},event,`,
    `,${P2},,,,${day(8, 1)},event,S2`,
    `x-1,${P3},李四,,,${day(6, 3)},event,`,
    `,${P3},,,再看看公司,${day(6, 5)},event,`,
    `,123,,,,${day(6, 3)},event,`,
  ];
  const decisions = ['merged', 'reactivated', 'created', 'merged', 'quarantined'];
  const done = await run(lines);
  t.strictSame(done.decisions, decisions);
  t.match(await s.get(`/v1/leads/${asleep.lead_id}`), { cycle: 2, former_owner: 'A1' });
  await askRevert(s, done.id);
  const revert = { row: 6, touches: 4, leads: 1, kept: 0, force: false };
  t.match(await revertOn(s, done.id, 2), { state: 'reverted', revert });
  t.strictSame(await answersAbout(s, [P, P2]), before);
  const gone = leadIdOf(done, 2);
  t.match(await s.call('GET', `/v1/leads/${gone}`), { status: 410 });
  t.strictSame((await s.post('/v1/leads/search', { phone: P3 })).items, []);
  const told = (await s.eventsOf(gone)).map(({ type }) => type);
  t.strictSame(told, ['lead.created', 'lead.touched', 'lead.reverted']);
  t.equal((await s.eventsOf(known.lead_id)).at(-1)?.type, 'touch.voided');
  t.strictSame(await s.db.selectFrom('quarantine').select('state').execute(), [{ state: 'dismissed' }]);
  const again = await run(lines);
  t.strictSame(again.decisions, decisions, 'the same file runs again');
  t.equal(again.rows[2]?.customer_id, done.rows[2]?.customer_id, 'the person is the same customer');
  t.not(leadIdOf(again, 2), gone);
});

t.test('leads that were worked since block it; force takes them back but where money is', async (t) => {
  const { s, run } = await start(t);
  const done = await run([P, P2, P3].map((phone) => `,${phone},,,,${day(6, 1)},event,`));
  const [worked, won, idle] = [0, 1, 2].map((at) => leadIdOf(done, at));
  await s.post(`/v1/leads/${worked}/state`, { state: 'following', occurred_at: day(6, 2) });
  await s.post(`/v1/leads/${won}/state`, { state: 'won', amount: 1, currency: 'CNY', occurred_at: day(6, 2) });
  const refused = await s.call('POST', `/v1/imports/${done.id}/revert`, { body: { reason: 'x' } });
  t.match(refused, { status: 409, body: { code: 'import_followed_up', count: 2 } });
  t.strictSame([...refused.body.leads].sort(), [worked, won].sort());
  await askRevert(s, done.id, { force: true });
  t.match(await revertOn(s, done.id, 9), { state: 'reverted', revert: { touches: 3, leads: 2, kept: 0 } });
  t.match(await s.call('GET', `/v1/leads/${worked}`), { status: 410 });
  t.match(await s.call('GET', `/v1/leads/${idle}`), { status: 410 });
  t.match(await s.get(`/v1/leads/${won}`), { state: 'won', touch_count: 0 });
});

t.test('work that comes between the question and its batch is left alone and counted', async (t) => {
  const { s, run } = await start(t);
  const lines = [`,${P},,,,${day(6, 1)},event,`, `,${P2},,,,${day(6, 1)},event,`, `,${P2},,,,${day(6, 9)},event,`];
  const done = await run(lines);
  await askRevert(s, done.id);
  await revertOn(s, done.id, 1, 1);
  await s.post(`/v1/leads/${leadIdOf(done, 1)}/owner`, { owner: 'A1', store: 'S1' });
  t.match(await revertOn(s, done.id, 1), { state: 'reverted', revert: { touches: 1, leads: 1, kept: 2 } });
  t.match(await s.get(`/v1/leads/${leadIdOf(done, 1)}`), { touch_count: 2, owner: 'A1' });
  t.strictSame((await run(lines)).decisions, ['created', 'replayed', 'replayed']);
});

t.test('what was asked of an import that cannot be taken back', async (t) => {
  const { s, run } = await start(t);
  const done = await run([`,${P},,,,${day(6, 1)},event,`]);
  const path = `/v1/imports/${done.id}/revert`;
  const body = { reason: 'wrong file' };
  t.match(await s.call('POST', path, { body: {} }), { status: 422 });
  const { secret } = await s.makeKey({ scopes: ['leads:write', 'admin'] });
  t.match(await s.call('POST', path, { body, key: secret }), { status: 403 });
  const conflict = { status: 409, body: { code: 'state_conflict' } };
  await s.db.updateTable('import').set({ dry_run: true, state: 'previewed' }).execute();
  t.match(await s.call('POST', path, { body }), conflict);
  await s.db.updateTable('import').set({ dry_run: false, state: 'running' }).execute();
  t.match(await s.call('POST', path, { body }), conflict);
  await s.db.updateTable('import').set({ state: 'completed' }).execute();
  await s.db.deleteFrom('import_row').execute();
  t.match(await s.call('POST', path, { body }), conflict, 'its rows are no longer kept');
  const nobody = '/v1/imports/00000000-0000-7000-8000-000000000000/revert';
  t.match(await s.call('POST', nobody, { body }), { status: 404 });
});

t.test('what rows said of touches of others is taken back; a touch that others spoke of since stays', async (t) => {
  const { s, run } = await start(t, 'xiaohongshu');
  const said = `x-1,${P},王芳,,,${day(6, 1)},event,`;
  await run([said]);
  await s.post('/v1/leads', { channel: 'event', occurred_at: day(6, 1), person: { phone: P2 } });
  const before = await answersAbout(s, [P, P2]);
  const news = `x-1,${P},王小芳,,测试公司,${day(6, 1)},event,`;
  const done = await run([news, `,${P2},,,,${day(6, 1, '11:58:00')},event,`, `,${P3},,,,${day(6, 1)},event,`]);
  t.strictSame(done.decisions, ['updated', 'noise', 'created']);
  t.notSame(await answersAbout(s, [P, P2]), before);
  const click = await s.capture1(P3, { channel: 'event', occurred_at: day(6, 1, '12:01:00') });
  t.equal(click.decision, 'noise');
  await askRevert(s, done.id);
  t.match(await revertOn(s, done.id, 2), { state: 'reverted', revert: { touches: 0, leads: 0, kept: 1 } });
  await s.get(`/v1/leads/${leadIdOf(done, 2)}`);
  const after = (await answersAbout(s, [P, P2])) as { found: object };
  t.strictSame(after.found, (before as { found: object }).found);
  t.strictSame((await run([said])).decisions, ['replayed'], 'its first content is still known');
  t.strictSame((await run([news])).decisions, ['updated'], 'and the other is news again');
});

t.test('a row that repeats a touch does not hide how the lead was before a later row woke it', async (t) => {
  const { s, run } = await start(t);
  const { lead_id } = await s.post('/v1/leads', { channel: 'event', occurred_at: day(6, 1), person: { phone: P } });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'dormant', occurred_at: day(6, 2) });
  const before = await answersAbout(s, [P]);
  const done = await run([`,${P},,,,${day(6, 1, '11:58:00')},event,`, `,${P},,,,${day(8, 1)},event,`]);
  t.strictSame(done.decisions, ['noise', 'reactivated']);
  await askRevert(s, done.id);
  await revertOn(s, done.id, 9);
  t.strictSame(await answersAbout(s, [P]), before);
});

t.test('two imports of the same people are taken back one after the other, the later one first', async (t) => {
  const { s, run } = await start(t);
  const { lead_id } = await s.post('/v1/leads', { channel: 'event', occurred_at: day(6, 1), person: { phone: P } });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'dormant', occurred_at: day(6, 2) });
  const before = await answersAbout(s, [P, P2]);
  const imports = [
    await run([`,${P},王芳,,,${day(8, 1)},event,`, `,${P2},,,,${day(8, 1)},event,`]),
    await run([`,${P},李四,,,${day(8, 9)},event,`, `,${P2},,,,${day(8, 9)},event,`]),
  ];
  for (const { id } of imports.reverse()) {
    await askRevert(s, id);
    await revertOn(s, id, 9);
  }
  const after = (await answersAbout(s, [P])) as { found: unknown[]; list: unknown };
  const then = before as { found: unknown[]; list: unknown };
  t.strictSame([after.found[0], after.list], [then.found[0], then.list]);
});
