import { randomBytes } from 'node:crypto';
import t from 'tap';
import { Agent, request } from 'undici';
import { emptyDatabase } from '../helpers/database.ts';
import { runClew } from '../helpers/io.ts';
import { startReceiver } from '../helpers/receiver.ts';
import type { Service } from '../helpers/service.ts';
import { answerJson, makeSource, metaLead } from '../helpers/thin.ts';

t.setTimeout(240_000); // seconds are plenty on an idle machine; this one may not be

const ADMIN = `clew_${'a'.repeat(43)}`;

t.test('clew work fetches what serve was pushed', async (t) => {
  const { url: databaseUrl } = await emptyDatabase(t);
  const env = {
    DATABASE_URL: databaseUrl,
    CLEW_DATA_DIR: t.testdir(),
    CLEW_SECRET_KEY: randomBytes(32).toString('base64'),
    CLEW_ADMIN_KEY: ADMIN,
    CLEW_TARGET_HTTP: 'allow',
    CLEW_TARGET_ALLOW: '127.0.0.0/8',
  };
  const served = await runClew([], { ...env, PORT: '0', CLEW_WORKERS: 'off' });
  t.teardown(() => served.stop({}));
  t.equal(served.exit, 'serving', served.err);
  const worked = await runClew(['work'], env);
  t.teardown(() => worked.stop({}));
  t.equal(worked.exit, 'serving', worked.err);
  const url = /takes leads at (\S+)/.exec(served.err)?.[1] ?? '';
  const agent = new Agent();
  t.teardown(() => agent.close());
  const call: Service['call'] = async (method, path, { body, raw, headers, key } = {}) => {
    const answer = await request(`${url}${path}`, {
      dispatcher: agent,
      method: method as 'GET',
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${ADMIN}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: raw ?? (body === undefined ? null : JSON.stringify(body)),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, text, body: text === '' ? null : JSON.parse(text) };
  };
  const platform = await startReceiver(t);
  platform.answer((_, response) => answerJson(response, 200, metaLead('200000000000002', '13800138001')));
  const source = await makeSource({ call }, 'meta', { api_base: platform.url });
  t.equal((await source.push('200000000000002')).status, 200);
  await platform.until(1);
  let items: readonly unknown[] = [];
  for (let look = 0; look < 5000 && items.length === 0; look += 1) {
    items = (await call('GET', `/v1/sources/${source.id}/fetches?state=fetched`)).body.items;
  }
  t.match(items, [{ state: 'fetched', fault: null, external_id: '200000000000002' }]);
  t.match((await call('GET', '/v1/leads')).body.items, [{ first_source: { channel: 'meta' } }]);
  await worked.stop({ signal: 'SIGTERM' });
  t.notOk(worked.log.some((line) => line['msg'] === 'service.release_failed'));
  t.notMatch(JSON.stringify([worked.log, served.log]), /13800138001|first-token|测试甲/);
});
