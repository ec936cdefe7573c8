import t from 'tap';
import { phoneOf } from '../helpers/captured.ts';
import { finish, importerOf, rowsOf, upload } from '../helpers/importing.ts';
import { type Stage, stage } from '../helpers/stage.ts';

const P = '13800138000';

async function eventSource(s: Stage): Promise<string> {
  const made = await s.service.call('POST', '/v1/sources', {
    body: { name: 'sign-ups', kind: 'csv', channel: 'event' },
  });
  return made.body.id;
}

t.test('scenario 2: spreadsheet damage', async (t) => {
  const s = await stage(t);
  const file = '手机号,姓名\n1.38001E+10,王\n13800138000.0,李\n';
  const id = await upload(s.service, { sourceId: await eventSource(s), file });
  await finish(s.service, importerOf(t, s.service), id);
  const [damaged, whole] = await rowsOf(s.service, id);
  t.match(damaged, { row: 2, decision: 'quarantined', code: 'phone_scientific_notation', class: 'phone_unusable' });
  t.match(whole, { row: 3, decision: 'created', class: 'new' });
  const leads = await s.service.db.selectFrom('lead').select('phone').execute();
  t.strictSame(leads, [{ phone: `+86${P}` }], 'no digit is guessed');
});

t.test('scenario 18: parallel API and CSV', async (t) => {
  const s = await stage(t);
  const sourceId = await eventSource(s);
  for (let round = 0; round < 10; round += 1) {
    const phone = phoneOf(50_000 + round);
    const people = Array.from({ length: 200 }, (_, n) => `${n === 100 ? phone : phoneOf(round * 200 + n)},客户${n}`);
    const id = await upload(s.service, { sourceId, file: ['手机号,姓名', ...people].join('\n') });
    const importing = finish(s.service, importerOf(t, s.service, { batchRows: 50 }), id);
    const calling = s.service.call('POST', '/v1/leads', { body: { channel: 'douyin', person: { phone } } });
    const [, called] = await Promise.all([importing, calling]);
    const row = (await rowsOf(s.service, id))[100];
    t.strictSame([called.body.decision, row?.decision].sort(), ['created', 'merged'], 'whichever wins');
    t.equal(called.body.lead_id, row?.lead_id);
    const touches = await s.service.db
      .selectFrom('touch')
      .select('id')
      .where('lead_id', '=', called.body.lead_id)
      .execute();
    t.equal(touches.length, 2);
  }
});
