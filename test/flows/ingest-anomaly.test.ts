import t from 'tap';
import type { Lane } from '../../src/flows/ingest-resiliently.ts';
import { startService } from '../helpers/service.ts';

const TABLES = ['customer', 'identity', 'lead', 'touch', 'submission', 'raw_body', 'receipt', 'event', 'consent'];
const BAD = { name: 'fails', text: `select 'x'::integer` };

t.setTimeout(120_000);
t.test(
  'whatever statement of ingest fails, nothing is written, the caller is told, and a retry succeeds',
  async (t) => {
    let failing: number | null = null;
    let statements = 0;
    const wrapLane = (lane: Lane): Lane => ({
      ...lane,
      connection: async () => {
        const inner = await lane.connection();
        let n = 0;
        return {
          ...inner,
          begin: () => {
            n = 0;
            return inner.begin();
          },
          run: (statement, values) => {
            n += 1;
            statements = Math.max(statements, n);
            return inner.run(n === failing ? BAD : statement, n === failing ? [] : values);
          },
          commit: async () => {
            if (failing !== 0) return inner.commit();
            const failed = inner.run(BAD, []);
            await Promise.all([failed, inner.commit()]);
          },
        };
      },
    });
    const service = await startService(t, { wrapLane });
    const body = (phone: string, name: string) => ({
      external_id: `x-${phone}-${name}`,
      channel: 'douyin',
      person: { phone, name, wechat: `wx_${phone}`, city: '杭州' },
      consents: [{ purpose: 'contact', granted: true }],
    });
    const counts = async () => {
      const found: Record<string, number> = {};
      for (const table of TABLES) {
        const { rows } = await service.db.executeQuery<{ n: number }>(
          service.db
            .selectNoFrom((eb) =>
              eb
                .selectFrom(table as 'lead')
                .select(eb.fn.countAll<number>().as('n'))
                .as('n'),
            )
            .compile(),
        );
        found[table] = rows[0]?.n ?? -1;
      }
      return found;
    };

    for (const known of [false, true]) {
      const phone = known ? '13900139001' : '13900139000';
      // What is to fail is a first lead, then a second touch of somebody known: other statements run.
      if (known) t.equal((await service.call('POST', '/v1/leads', { body: body(phone, '王芳') })).status, 201);
      statements = 0;
      const probe = known ? phone : '13900139009';
      await service.call('POST', '/v1/leads', { body: { ...body(probe, 'probe'), channel: 'xhs' } });
      const last = statements;
      t.ok(last >= 8, `${last} statements`);
      for (let n = 0; n <= last; n += 1) {
        const before = await counts();
        failing = n;
        const refused = await service.call('POST', '/v1/leads', { body: body(phone, `李${n}`) });
        failing = null;
        t.equal(refused.status, 500, `statement ${n} of ${last} fails: 500`);
        t.equal(refused.body.code, 'internal');
        t.strictSame(await counts(), before, 'nothing is written');
      }
      const retried = await service.call('POST', '/v1/leads', { body: body(phone, '李0') });
      t.equal(retried.body.decision, known ? 'merged' : 'created', 'a retry succeeds');
    }
  },
);
