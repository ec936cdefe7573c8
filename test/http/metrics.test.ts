import t from 'tap';
import { recordingCapture } from '../helpers/recording-capture.ts';
import { startService } from '../helpers/service.ts';

t.test('requests are counted by route pattern, method and status, for ops only', async (t) => {
  const { call, makeKey } = await startService(t, { capture: recordingCapture() });
  for (let i = 0; i < 3; i++) await call('POST', '/v1/leads', { body: { person: { phone: '1' } } });
  await call('POST', '/v1/leads', { body: { person: 1 } });
  await call('GET', '/nothing/13800138000');
  await call('GET', '/problems/phone_invalid');
  const { secret } = await makeKey({ scopes: ['ops'] });
  const { status, headers, text } = await call('GET', '/metrics', { key: secret });
  t.equal(status, 200);
  t.match(headers['content-type'], /^text\/plain; version=0\.0\.4/);
  const count = (labels: string) =>
    text.match(new RegExp(`^clew_http_request_duration_seconds_count\\{${labels}\\} (\\d+)$`, 'm'))?.[1];
  t.equal(count('method="POST",route="/v1/leads",status="201"'), '3');
  t.equal(count('method="POST",route="/v1/leads",status="422"'), '1');
  t.equal(count('method="any",route="none",status="404"'), '1');
  t.equal(count('method="GET",route="/problems/:code",status="200"'), '1');
  t.equal((await call('GET', '/metrics', { key: null })).status, 401);
});

t.test('two services in one process have metrics of their own', async (t) => {
  const one = await startService(t, { capture: recordingCapture() });
  const other = await startService(t, { capture: recordingCapture() });
  await one.call('GET', '/health/live');
  t.match((await one.call('GET', '/metrics')).text, /route="\/health\/live"/);
  t.notMatch((await other.call('GET', '/metrics')).text, /route="\/health\/live"/);
});
