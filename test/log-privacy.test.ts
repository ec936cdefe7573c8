import t from 'tap';
import { startService } from './helpers/service.ts';

const PHONE = '13812345670';
const SPELLINGS = [PHONE, `+86${PHONE}`, '138 1234 5670', '138-1234-5670', '%2B8613812345670'];
const NAME = '欧阳某某';

interface Operation {
  readonly requestBody?: unknown;
}

t.test('a person pushed through every route is in no log line and no metric', async (t) => {
  const service = await startService(t);
  const captured = await service.call('POST', '/v1/leads', {
    body: { channel: 'douyin', external_id: 'x-1', person: { phone: PHONE, name: NAME, wechat: 'wx_person1' } },
    headers: { 'idempotency-key': 'first' },
  });
  t.equal(captured.status, 201);
  const ids = [captured.body.lead_id, captured.body.customer_id, captured.body.touch_id, PHONE, 'douyin'];
  const { paths } = service.app.swagger() as unknown as { readonly paths: Record<string, Record<string, Operation>> };
  const bodies = [
    { phone: PHONE, reason: PHONE, name: NAME, person: { phone: PHONE, name: NAME }, wechat: 'wx_person1' },
    { phone: PHONE },
    { items: [{ person: { phone: PHONE, name: NAME } }, { person: { phone: `x${PHONE}` } }] },
    { [PHONE]: NAME },
    PHONE,
  ];
  let calls = 0;
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of Object.keys(operations)) {
      for (const [i, id] of ids.entries()) {
        const address = path.replace(/\{[^}]+\}/g, encodeURIComponent(id));
        for (const query of i === 0 ? ['', `?phone=${PHONE}`, `?q=${encodeURIComponent(NAME)}`] : ['']) {
          const body = method === 'get' ? undefined : bodies[calls % bodies.length];
          await service.call(method.toUpperCase(), `${address}${query}`, {
            ...(body === undefined ? {} : { body }),
            headers: { 'access-reason': 'a test', 'if-match': '"1"', 'idempotency-key': `k${calls}` },
          });
          calls += 1;
        }
      }
    }
  }
  for (const raw of [`{"person":{"phone":"${PHONE}"`, `{"phone":${PHONE},}`, PHONE, `\u0000${PHONE}`]) {
    await service.call('POST', '/v1/leads', { raw, headers: { 'content-type': 'application/json' } });
  }
  const lines = service.logs().map((line) => JSON.stringify(line));
  t.ok(lines.length > calls, `${calls} calls left ${lines.length} lines`);
  const metrics = await service.registry.metrics();
  for (const said of [...SPELLINGS, NAME, 'wx_person1']) {
    t.strictSame(lines.filter((line) => line.includes(said)).slice(0, 3), [], `no log line holds ${said}`);
    t.notOk(metrics.includes(said), `no metric holds ${said}`);
  }
  const routes = Object.values(paths).flatMap((operations) => Object.keys(operations)).length;
  t.ok(routes > 40, `${routes} routes were called`);
});
