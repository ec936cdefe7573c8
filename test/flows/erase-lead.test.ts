import t from 'tap';
import type { Capture } from '../../src/flows/capture.ts';
import { databaseText } from '../helpers/database-text.ts';
import { answerJson, linkedinLead, startThin, type Thin } from '../helpers/thin.ts';

const PHONE = '13800138001';
const NAMES = /13800138001|欧阳测试/;

/** Where the person of the tests is still named, by table. */
async function leftovers({ service }: Thin): Promise<readonly string[]> {
  const found = await databaseText(service.db, service.vault);
  if (found.size < 15) throw new Error('not every table was read');
  return [...found].filter(([, rows]) => NAMES.test(rows)).map(([table]) => table);
}

function answers(thin: Thin): void {
  thin.platform.answer(({ path }, response) => {
    const id = /leadFormResponses\/([\w-]+)/.exec(path)?.[1] ?? '';
    answerJson(response, 200, linkedinLead(id, PHONE));
  });
}

async function audits({ service }: Thin): Promise<readonly string[]> {
  const rows = await service.db.selectFrom('audit').select('action').where('reason', '=', 'platform_deleted').execute();
  return rows.map(({ action }) => action).sort();
}

t.test('a person who came by this source only is erased whole when the platform deletes the lead', async (t) => {
  const thin = await startThin(t);
  answers(thin);
  const source = await thin.makeSource('linkedin');
  await source.push('demo-1');
  await thin.round();
  t.match(await thin.fetches(), [{ state: 'fetched', fault: null }]);
  t.ok((await leftovers(thin)).includes('customer'));
  t.equal((await source.push('demo-1', 'DELETED')).status, 200);
  t.strictSame(await leftovers(thin), []);
  t.match(await thin.service.db.selectFrom('lead').select('hidden').execute(), [{ hidden: 'erased' }]);
  const before = await audits(thin);
  t.strictSame(before, ['customer.erased']);

  t.equal((await source.push('demo-1', 'DELETED')).status, 200);
  t.equal((await source.push('never-seen', 'DELETED')).status, 200);
  t.strictSame(await audits(thin), before, 'again, and of an unknown id, nothing');
  t.equal((await source.push('demo-1')).status, 200, 'a late repetition of the first push');
  t.equal(await thin.round(), 0);
  t.strictSame(await leftovers(thin), []);

  await source.push('demo-2');
  await thin.round();
  const { rows } = { rows: await thin.service.db.selectFrom('customer').select('erased_at').execute() };
  t.equal(rows.length, 2, 'the same person by another response is somebody new');
});

t.test('of a person who came by other sources too only this lead goes', async (t) => {
  const thin = await startThin(t);
  const { service } = thin;
  answers(thin);
  const source = await thin.makeSource('linkedin');
  const known = await service.call('POST', '/v1/leads', { body: { channel: 'douyin', person: { phone: PHONE } } });
  await source.push('demo-1');
  await thin.round();
  t.equal((await service.db.selectFrom('touch').select('id').execute()).length, 2);
  await source.push('demo-1', 'DELETED');
  t.notOk((await leftovers(thin)).includes('raw_body') && JSON.stringify(await rawOf(thin, source.id)).match(NAMES));
  t.strictSame(await rawOf(thin, source.id), [], 'neither the push nor the answer is kept');
  const submissions = await service.db
    .selectFrom('submission')
    .select(['phone', 'phone_typed', 'external_id', 'fields'])
    .where('source_id', '=', source.id)
    .execute();
  t.equal(submissions.length, 2);
  for (const submission of submissions) {
    t.match(submission, { phone: null, phone_typed: null, external_id: null });
    t.notMatch(JSON.stringify(submission.fields), NAMES);
    t.match(submission.fields, { traffic: { platform: 'linkedin' } }, 'what is counted by stays');
  }
  const touches = await service.db.selectFrom('touch').select(['source_id', 'voided_at', 'void_reason']).execute();
  t.match(
    touches.filter(({ source_id }) => source_id === source.id),
    [{ voided_at: Number, void_reason: 'platform_deleted' }],
  );
  t.match(
    touches.filter(({ source_id }) => source_id !== source.id),
    [{ voided_at: null }],
  );
  const customer = (
    await service.call('GET', `/v1/customers/${known.body.customer_id}`, { headers: { 'access-reason': 'test' } })
  ).body;
  t.notMatch(JSON.stringify(customer), /欧阳测试/, 'the name that only this lead brought');
  t.match(JSON.stringify(customer), PHONE);
  t.strictSame(await audits(thin), ['submission.erased', 'submission.erased']);
  await source.push('demo-1', 'DELETED');
  t.equal((await audits(thin)).length, 2, 'again nothing');
});

async function rawOf({ service }: Thin, sourceId: string) {
  const { db } = service;
  return db
    .selectFrom('raw_body')
    .innerJoin('submission', 'submission.id', 'raw_body.submission_id')
    .select('raw_body.submission_id')
    .where('submission.source_id', '=', sourceId)
    .execute();
}

t.test('a lead that is deleted before it was fetched never comes in', async (t) => {
  const thin = await startThin(t);
  answers(thin);
  const source = await thin.makeSource('linkedin');
  await source.push('demo-1');
  await source.push('demo-1', 'DELETED');
  t.equal(await thin.round(), 0);
  t.equal(thin.platform.received.length, 0);
  t.match(await thin.fetches(), [{ state: 'dead', fault: 'deleted' }]);
  t.strictSame(await rawOf(thin, source.id), []);
  const path = `/v1/sources/${source.id}/fetches/retry`;
  t.strictSame((await thin.service.call('POST', path, { body: {} })).body, { retried: 0 }, 'nor by an operator');

  // The deletion came between the commit of the push and what it wrote down to be fetched.
  await thin.service.db.updateTable('lead_fetch').set({ state: 'pending', fault: null }).execute();
  t.equal(await thin.round(), 1);
  t.equal(thin.platform.received.length, 0);
  t.match(await thin.fetches(), [{ state: 'dead', fault: 'deleted' }]);
});

t.test('a lead that is deleted while it is being fetched does not stay', async (t) => {
  const thin = await startThin(t);
  const source = await thin.makeSource('linkedin', { requests_per_minute: 600 });
  const { capture } = thin.service;
  const live = async () => {
    const rows = await thin.service.db
      .selectFrom('lead')
      .select(['id', 'hidden'])
      .where('hidden', 'is', null)
      .execute();
    return rows.length;
  };

  await t.test('while the platform answers', async (t) => {
    thin.platform.answer((_, response) => {
      void source.push('demo-1', 'DELETED').then(() => answerJson(response, 200, linkedinLead('demo-1', PHONE)));
    });
    await source.push('demo-1');
    await thin.round();
    t.match(await thin.fetches(), [{ state: 'dead', fault: 'deleted' }]);
    t.strictSame(await leftovers(thin), []);
    t.equal((await thin.service.db.selectFrom('lead').select('id').execute()).length, 0);
  });

  answers(thin);
  await t.test('between the last look and the commit', async (t) => {
    const late: Capture = {
      ...capture,
      submit: async (items) => {
        await source.push('demo-2', 'DELETED');
        return capture.submit(items);
      },
    };
    await source.push('demo-2');
    await thin.round(1, thin.another({ capture: late }));
    t.match((await thin.fetches())[1], { state: 'dead', fault: 'deleted' });
    t.strictSame(await leftovers(thin), []);
    t.equal(await live(), 0);
  });

  await t.test('and by a process that died right after the commit', async (t) => {
    const dying: Capture = {
      ...capture,
      submit: async (items) => {
        await source.push('demo-3', 'DELETED');
        await capture.submit(items);
        throw new Error('killed');
      },
    };
    await source.push('demo-3');
    await thin.round(1, thin.another({ capture: dying }));
    t.equal(await live(), 1, 'for as long as its lease');
    await thin.service.db
      .updateTable('lead_fetch')
      .set({ lease_until: new Date(0) })
      .where('state', '=', 'pending')
      .execute();
    t.equal(await thin.round(), 1);
    t.match((await thin.fetches())[2], { state: 'dead', fault: 'deleted' });
    t.strictSame(await leftovers(thin), []);
    t.equal(await live(), 0);
    t.equal(await thin.round(), 0);
  });
});
