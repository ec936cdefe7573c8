import t from 'tap';
import { receivePush } from '../../src/flows/receive-push.ts';
import { startService } from '../helpers/service.ts';

const SENDER = { ip: '127.0.0.1', requestId: null };
const push = {
  method: 'POST',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{"data":{"leads_id":"l-1","data":[{"label":"电话","value":"13800138001"}]}}'),
  receivedAt: Date.UTC(2026, 5, 1, 4),
} as const;

t.test(
  'a source whose secret cannot be opened refuses what it would check, where a secret is optional too',
  async (t) => {
    const service = await startService(t);
    const made = await service.call('POST', '/v1/sources', {
      body: { name: 'x', kind: 'xiaohongshu', secret: 'secret-of-the-platform' },
    });
    await service.db
      .updateTable('source')
      .set({ secrets: 'sealed under a lost key' })
      .where('id', '=', made.body.id)
      .execute();
    await service.inbound.book.refresh();
    const loaded = await service.inbound.book.byId(made.body.id);
    if (loaded === null) throw new Error('the source is not there');
    t.equal((await receivePush(service.inbound, loaded, push, SENDER)).status, 401);
    t.strictSame(await service.db.selectFrom('submission').select('id').execute(), []);
  },
);

t.test('a recording that does not come off holds up no answer', async (t) => {
  const service = await startService(t);
  const made = await service.call('POST', '/v1/sources', { body: { name: 'x', kind: 'xiaohongshu' } });
  const loaded = await service.inbound.book.byId(made.body.id);
  if (loaded === null) throw new Error('the source is not there');
  const deps = { ...service.inbound, ackWithinMs: 2_000, record: () => new Promise<void>(() => undefined) };
  const began = performance.now();
  t.equal((await receivePush(deps, { ...loaded, recording: true }, push, SENDER)).status, 200);
  t.ok(performance.now() - began < 10_000);
});

t.test('past its time a push is answered by whichever is done first, the database or the disk', async (t) => {
  const service = await startService(t);
  const made = await service.call('POST', '/v1/sources', { body: { name: 'x', kind: 'xiaohongshu' } });
  const loaded = await service.inbound.book.byId(made.body.id);
  if (loaded === null) throw new Error('the source is not there');
  const never = new Promise<never>(() => undefined);
  const lines: { readonly as: string; readonly code: string | null }[] = [];
  const deps = { ...service.inbound, ackWithinMs: 0, report: (line: (typeof lines)[number]) => void lines.push(line) };
  const silentDisk = { ...deps.spool, keep: () => never };
  t.equal((await receivePush({ ...deps, spool: silentDisk }, loaded, push, SENDER)).status, 200);
  t.match(lines, [{ as: 'accepted', code: null }], 'the disk is slow');
  const silent = { ...deps.capture, submit: () => never };
  const other = { ...push, body: Buffer.from('{"data":{"leads_id":"l-2","data":[]}}') };
  t.equal((await receivePush({ ...deps, capture: silent }, loaded, other, SENDER)).status, 200);
  t.match(lines[1], { as: 'accepted', code: 'spooled' }, 'the database is');
});

t.test(
  'a push goes to the disk at once while those before it wait too long, and the old way where it cannot',
  async (t) => {
    const service = await startService(t);
    const made = await service.call('POST', '/v1/sources', { body: { name: 'x', kind: 'xiaohongshu' } });
    const loaded = await service.inbound.book.byId(made.body.id);
    if (loaded === null) throw new Error('the source is not there');
    const lines: { readonly as: string; readonly code: string | null }[] = [];
    const submitted: unknown[] = [];
    let lag = 401;
    const { capture } = service.inbound;
    const deps = {
      ...service.inbound,
      ackWithinMs: 800,
      capture: {
        ...capture,
        lagMs: () => lag,
        submit: (items: Parameters<typeof capture.submit>[0]) => {
          submitted.push(...items);
          return capture.submit(items);
        },
      },
      report: (line: (typeof lines)[number]) => void lines.push(line),
    };
    t.equal((await receivePush(deps, loaded, push, SENDER)).status, 200);
    t.strictSame(
      [lines, submitted.length],
      [[{ ...lines[0], as: 'accepted', code: 'spooled' }], 0],
      'not behind the others',
    );
    const full = { ...deps.spool, keep: async () => 'spool_full' as const };
    t.equal((await receivePush({ ...deps, ackWithinMs: 700, spool: full }, loaded, push, SENDER)).status, 200);
    t.match([lines[1], submitted.length], [{ as: 'accepted', code: null }, 1]);
    lag = 400;
    const other = { ...push, body: Buffer.from('{"data":{"leads_id":"l-2","data":[]}}') };
    t.equal((await receivePush({ ...deps, ackWithinMs: 60_000 }, loaded, other, SENDER)).status, 200);
    t.match([lines[2], submitted.length], [{ as: 'accepted', code: null }, 2], 'they have not');
  },
);
