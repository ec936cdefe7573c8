import fc from 'fast-check';
import t from 'tap';
import { findImport } from '../../src/store/imports.ts';
import { capture, phoneOf } from '../helpers/captured.ts';
import { finish, importerOf, rowsOf, upload } from '../helpers/importing.ts';
import { type Service, startService } from '../helpers/service.ts';

const HEADER = '线索ID,手机号,微信,姓名,留资时间,渠道';

/** Rows of few people by few names and ids, so that most of them meet. */
const row = fc.record({
  id: fc.constantFrom('', '', 'a', 'b', 'c'),
  person: fc.integer({ min: 0, max: 4 }),
  by: fc.constantFrom('phone', 'phone', 'wechat', 'both', 'nobody', 'unusable'),
  name: fc.constantFrom('张三', '李四'),
  minute: fc.constantFrom(0, 1, 3, 10, 20_000, 60_000),
  channel: fc.constantFrom('douyin', 'xhs'),
});
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

function lineOf({ id, person, by, name, minute, channel }: Row, first: number): string {
  const phone = by === 'phone' || by === 'both' ? phoneOf(first + person) : by === 'unusable' ? '12345' : '';
  const wechat = by === 'wechat' || by === 'both' ? `wx_${first}_${person}` : '';
  const at = new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();
  return `${id === '' ? '' : `${first}-${id}`},${phone},${wechat},${name},${at},${channel}`;
}

async function sourceOf(service: Service): Promise<string> {
  return (await service.call('POST', '/v1/sources', { body: { name: 'file', kind: 'csv' } })).body.id;
}

t.test('a dry run tells of every row what the run does, in batches of any size', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  let first = 0;
  const rows = fc.array(row, { minLength: 1, maxLength: 25 });
  const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
      sizes,
      async (rows, known, [a, b]) => {
        first += 10;
        for (const person of known)
          await capture(service, { channel: 'xhs', person: { phone: phoneOf(first + person) } });
        const file = [HEADER, ...rows.map((one) => lineOf(one, first))].join('\n');
        const dry = await upload(service, { sourceId, file, dryRun: true });
        const previewer = importerOf(t, service, { batchRows: a });
        const previewed = await finish(service, previewer, dry);
        const real = await upload(service, { sourceId, file });
        const completed = await finish(service, importerOf(t, service, { batchRows: b }), real);
        const told = (one: Awaited<ReturnType<typeof rowsOf>>[number]) =>
          `${one.row} ${one.class} ${one.decision} ${one.original_decision} ${one.code} ${one.warnings.join()}`;
        const [expected, got] = [await rowsOf(service, dry), await rowsOf(service, real)];
        t.strictSame(got.map(told), expected.map(told));
        t.strictSame(completed.counts, previewed.counts);
        const made = new Set(got.flatMap(({ lead_id }) => lead_id ?? []));
        const before = new Set(expected.flatMap(({ lead_id }) => lead_id ?? []));
        t.ok(
          [...before].every((id) => made.has(id)),
          'and names no lead that is not there',
        );
        t.equal((await findImport(service.db, real))?.rowsDone, rows.length);
      },
    ),
    { numRuns: 25 },
  );
});
