import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { testDatabase } from '../helpers/database.ts';
import { runClew } from '../helpers/io.ts';
import { startReceiver } from '../helpers/receiver.ts';

const TARGETS = { CLEW_TARGET_HTTP: 'allow', CLEW_TARGET_ALLOW: '127.0.0.0/8' };

async function clewOver(t: Parameters<typeof testDatabase>[0], targets: Readonly<Record<string, string>> = TARGETS) {
  const { url } = await testDatabase(t);
  const env = { DATABASE_URL: url, CLEW_SECRET_KEY: randomBytes(32).toString('base64'), ...targets };
  const clew = (line: string) => runClew(line.split(' '), env);
  return { clew, json: async (line: string) => JSON.parse((await clew(`${line} --json`)).out) };
}

t.test('an endpoint is made, listed, paused, resumed, rotated and deleted', async (t) => {
  const { clew, json } = await clewOver(t);
  t.match(await clew('endpoints list'), { exit: 0, out: 'no endpoints\n' });
  const made = await json(
    'endpoints create --url http://127.0.0.1:9/in/token --events lead.*,deal.recorded --description crm --payload full --unordered --stores S1,S2 --recipient them --purpose contact',
  );
  t.match(made, {
    description: 'crm',
    events: ['lead.*', 'deal.recorded'],
    filter: { stores: ['S1', 'S2'], channels: null },
    payload: 'full',
    ordered: false,
    recipient: 'them',
    purpose: 'contact',
    secret: /^whsec_/,
    warnings: [],
    version: 1,
  });
  t.match(await clew(`endpoints pause ${made.id}`), { exit: 0, out: 'endpoint crm is paused\n' });
  t.match(await json('endpoints list'), [{ id: made.id, state: 'paused', version: 2, pending: 0 }]);
  const { out } = await clew('endpoints list');
  t.match(out, `${made.id}  paused (operator)  http://127.0.0.1:9  lead.*,deal.recorded  0 pending  crm\n`);
  t.notMatch(out, 'token');
  t.match(await clew(`endpoints resume ${made.id}`), { exit: 0, out: 'endpoint crm is active\n' });
  const rotated = await clew(`endpoints rotate-secret ${made.id} --overlap 0`);
  t.match(rotated, { exit: 0, out: /^endpoint crm has a new secret.*\nwhsec_.*\n$/ });
  t.notMatch(rotated.out, made.secret);
  t.match(await json(`endpoints rotate-secret ${made.id}`), { secret: /^whsec_/, version: 5 });
  t.match(await clew(`endpoints delete ${made.id}`), { exit: 0, out: 'endpoint crm is deleted\n' });
  t.match(await clew('endpoints list'), { out: 'no endpoints\n' });
  t.match(await clew(`endpoints pause ${made.id}`), { exit: 1, err: `clew: the endpoint ${made.id} was deleted\n` });
});

t.test('a test is sent at once, and its result is the exit code', async (t) => {
  const { clew, json } = await clewOver(t);
  const receiver = await startReceiver(t);
  const made = await clew(`endpoints create --url ${receiver.url} --events *`);
  t.match(made, { exit: 0, out: /^made endpoint http:\/\/127\.0\.0\.1:\d+ \(.*\n(whsec_\S+)\n$/ });
  const [secret = ''] = made.out.split('\n').slice(-2);
  const [{ id }] = await json('endpoints list');
  t.match(await clew(`endpoints test ${id}`), { exit: 0, out: /^delivered \(200\) after \d+ ms\n\{\}\n$/ });
  const { text = '', headers = {} } = receiver.received[0] ?? {};
  t.match(new Webhook(secret).verify(text, headers as Record<string, string>), { type: 'lead.created', test: true });
  t.match(headers, { 'user-agent': 'clew/1.2.3' });
  receiver.answer(503);
  t.match(await json(`endpoints test ${id} --type deal.recorded`), { delivered: false, status: 503 });
  t.equal(receiver.received[1]?.body.type, 'deal.recorded');
  t.match(await clew(`endpoints test ${id}`), { exit: 1, out: /^http_503 \(503\) after/ });
});

t.test('what cannot be is told in a sentence', async (t) => {
  const { clew } = await clewOver(t, {});
  const refuse = async (line: string, exit: 1 | 2, err: string | RegExp) =>
    t.match(await clew(line), { exit, err }, line);
  await refuse('endpoints create --events *', 2, 'clew: --url is needed\n');
  await refuse('endpoints create --url https://x.invalid', 2, /^clew: events must name at least one/);
  await refuse('endpoints create --url https://x.invalid --events leads.*', 2, /^clew: leads\.\* is no type of event/);
  await refuse(
    'endpoints create --url https://x.invalid --events * --payload all',
    2,
    /^clew: --payload must be one of/,
  );
  await refuse('endpoints create --url http://93.184.216.34/ --events *', 1, /^clew: /);
  await refuse('endpoints create --url https://127.0.0.1/ --events *', 1, /^clew: /);
  await refuse('endpoints pause crm', 2, /^clew: crm is not an id/);
  await refuse('endpoints test 00000000-0000-7000-8000-000000000000 --type x', 2, /^clew: --type must be one of/);
  await refuse('endpoints test 00000000-0000-7000-8000-000000000000', 1, /^clew: there is no endpoint/);
});
