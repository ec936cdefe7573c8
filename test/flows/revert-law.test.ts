import fc from 'fast-check';
import t from 'tap';
import { phoneOf } from '../helpers/captured.ts';
import { answersAbout, askRevert, revertOn, runFile } from '../helpers/imported.ts';
import { importerOf } from '../helpers/importing.ts';
import { startWorking } from '../helpers/working.ts';

const HEADER = '线索ID,手机号,微信,姓名,留资时间,渠道';
const PEOPLE = 4;
const NOW = Date.parse('2026-12-31T12:00:00Z');

const person = fc.integer({ min: 0, max: PEOPLE - 1 });
const minute = fc.constantFrom(0, 1, 3, 10, 20_000, 60_000);
const channel = fc.constantFrom('douyin', 'xhs');
const name = fc.constantFrom('张三', '李四');
/** What came before the file: captured, then worked. */
const earlier = fc.record({ person, minute, channel, name, wechat: fc.boolean(), worked: workOf() });
const row = fc.record({
  id: fc.constantFrom('', '', 'a', 'b'),
  person,
  minute,
  channel,
  name,
  by: fc.constantFrom('phone', 'phone', 'wechat', 'both', 'unusable'),
});
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

function workOf(): fc.Arbitrary<object | null> {
  return fc.constantFrom<object | null>(
    null,
    null,
    { state: 'dormant' },
    { state: 'invalid', reason: 'no_answer' },
    { state: 'lost', reason: 'price' },
    { state: 'won', amount: 1, currency: 'CNY' },
  );
}

function at(minutes: number): string {
  return new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString();
}

function lineOf({ id, person: nth, by, name: called, minute: when, channel: way }: Row, first: number): string {
  const phone = by === 'phone' || by === 'both' ? phoneOf(first + nth) : by === 'unusable' ? '12345' : '';
  const wechat = by === 'wechat' || by === 'both' ? `wx_${first}_${nth}` : '';
  return `${id === '' ? '' : `${first}-${id}`},${phone},${wechat},${called},${at(when)},${way}`;
}

t.test(
  'an import that is taken back leaves every answer about who was known as before, and can be run again',
  async (t) => {
    const s = await startWorking(t);
    const sourceId = (await s.post('/v1/sources', { name: 'file', kind: 'csv' })).id;
    const importer = importerOf(t, s, { batchRows: 3, clock: () => NOW });
    let first = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(earlier, { maxLength: 5 }),
        fc.array(row, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 3 }),
        async (known, rows, batchRows, batches) => {
          first += 10;
          for (const { person: nth, minute: when, channel: way, name: called, wechat, worked } of known) {
            const who = {
              phone: phoneOf(first + nth),
              name: called,
              ...(wechat ? { wechat: `wx_${first}_${nth}` } : {}),
            };
            const { lead_id } = await s.post('/v1/leads', { channel: way, occurred_at: at(when), person: who });
            if (worked !== null)
              await s.call('POST', `/v1/leads/${lead_id}/state`, { body: { ...worked, occurred_at: at(when + 1) } });
          }
          const phones = [...new Set(known.map(({ person: nth }) => phoneOf(first + nth)))];
          const before = await answersAbout(s, phones);
          const lines = [HEADER, ...rows.map((one) => lineOf(one, first))];
          const done = await runFile(s, importer, sourceId, lines);
          await askRevert(s, done.id);
          const killed = await revertOn(s, done.id, batchRows, batches);
          const ended = killed?.state === 'reverted' ? killed : await revertOn(s, done.id, batchRows);
          if (ended?.state !== 'reverted' || ended.revert?.kept !== 0) throw new Error(JSON.stringify(ended));
          t.strictSame(await answersAbout(s, phones), before);
          const again = await runFile(s, importer, sourceId, lines);
          t.strictSame(again.decisions, done.decisions);
          await askRevert(s, again.id);
          await revertOn(s, again.id, 100);
          t.strictSame(await answersAbout(s, phones), before);
        },
      ),
      { numRuns: 25 },
    );
  },
);
