import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Ending } from '../../src/commands/command.ts';
import { keepRecord } from '../../src/flows/keep-record.ts';
import { createSealer } from '../../src/sealer.ts';
import { createDb } from '../../src/store/database.ts';
import { readDeployment } from '../../src/store/deployment.ts';
import { createVault } from '../../src/vault.ts';
import { testDatabase } from '../helpers/database.ts';
import { runClew } from '../helpers/io.ts';
import { tencentLead } from '../helpers/pushed.ts';

/** A command line over a database of its own, and pushes that somebody else's process records there. */
async function commandLine(t: Test, more: Record<string, string> = {}) {
  const { url, pool } = await testDatabase(t);
  const key = randomBytes(32);
  const env = { DATABASE_URL: url, CLEW_SECRET_KEY: key.toString('base64'), ...more };
  const clew = (...words: string[]) => runClew(words, env);
  const json = async (...words: string[]) => JSON.parse((await clew(...words, '--json')).out);
  const db = createDb(pool);
  const record = async (sourceId: string, lead: object, verdict = 'accepted') => {
    const sealer = createSealer(key, [], randomBytes(12));
    const identityKey = sealer.open(Buffer.from((await readDeployment(db, 'identity_key')) ?? '', 'base64'));
    const push = {
      method: 'POST',
      path: '/v1/hooks/secret-part',
      query: 'sign=0123456789abcdef',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(lead)),
      receivedAt: Date.now(),
    } as const;
    const id = randomBytes(16)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    await keepRecord(db, createVault(sealer, identityKey, 'raw'), { id, sourceId, push, verdict });
    return id;
  };
  return { env, clew, json, record, db };
}

t.test('a source of a platform: what it was given is kept, and its address is printed whole', async (t) => {
  const { clew, json } = await commandLine(t, { CLEW_PUBLIC_URL: 'https://leads.example.cn' });
  const file = join(t.testdir(), 'settings.json');
  await writeFile(file, JSON.stringify({ field_map: { fields: { 'product.model': { path: 'car' } } } }));
  const made = await clew(
    ...['sources', 'create', '--name', 'meta', '--kind', 'meta', '--secret', 'app-secret'],
    ...['--credential', 'access_token=a,b=c', '--credential', 'verify_token=v', '--settings', file],
  );
  t.equal(made.exit, 0, made.err);
  t.match(
    made.out,
    /^made source meta .*\nits secret.*\napp-secret\nits address.*\nhttps:\/\/leads\.example\.cn\/v1\/hooks\/[\w-]{43}\n$/,
  );
  const [source] = await json('sources', 'list');
  t.match(source, {
    kind: 'meta',
    has_secret: true,
    has_credentials: true,
    settings: { field_map: { fields: { 'product.model': { path: 'car' } } } },
  });
  const plain = await clew('sources', 'create', '--name', 'tx', '--kind', 'tencent');
  t.notMatch(plain.out, 'secret', 'no line of a secret where there is none');
  t.match((await json('sources', 'list'))[1], { name: 'tx', channel: 'tencent' }, 'and the channel of its kind');

  const rotated = await clew('sources', 'rotate-address', 'meta', '--overlap', '60');
  t.match(rotated.out, /^source meta has a new address\n.*\nhttps:\/\/leads\.example\.cn\/v1\/hooks\/[\w-]{43}\n$/);
  t.match(await clew('sources', 'update', 'meta', '--name', 'meta-2', '--credential', 'access_token=next'), {
    exit: 0,
    out: 'source meta-2 is changed\n',
  });
  t.match(await json('sources', 'list'), [{ name: 'meta-2', version: 2, settings: { field_map: {} } }, {}]);
  t.match(await clew('sources', 'update', 'meta-2'), { exit: 2, err: /say what is to change/ });
  t.match(await clew('sources', 'update', 'nobody', '--name', 'x'), { exit: 1, err: /there is no source nobody/ });
  t.match(await clew('sources', 'update', 'tx', '--credential', 'nonsense'), { exit: 2, err: /NAME=VALUE/ });
  t.match(await clew('sources', 'update', 'tx', '--settings', '/nowhere/x.json'), { exit: 2, err: /ENOENT/ });
  await writeFile(file, '[1]');
  t.match(await clew('sources', 'update', 'tx', '--settings', file), { exit: 2, err: /does not hold a JSON object/ });
});

t.test('recordings are asked for, listed without secrets and phones, and forgotten', async (t) => {
  const { clew, json, record } = await commandLine(t);
  const { id } = await json('sources', 'create', '--name', 'tx', '--kind', 'tencent');
  t.match(await clew('sources', 'recordings', 'tx'), { exit: 0, out: 'nothing is recorded\n' });
  t.match(await clew('sources', 'capture', 'tx', '--count', '2'), {
    exit: 0,
    out: 'the next 2 pushes of tx are recorded\n',
  });
  await record(id, tencentLead(), 'signature_invalid');
  await record(id, tencentLead({ leads_id: '2' }));
  await record(id, tencentLead({ leads_id: '3' }));
  const { out } = await clew('sources', 'recordings', 'tx');
  t.match(
    out,
    /^\S+Z {2}signature_invalid {2}[0-9a-f-]{36}\nPOST \/v1\/hooks\/…\?sign=0123…\ncontent-type: application\/json\n\n\{.*\}\n\n\S+Z {2}accepted/,
  );
  t.match(out, '"leads_tel":"*******8001"');
  t.notMatch(out, /13800138001|secret-part|89abcdef/);
  t.equal((await json('sources', 'recordings', 'tx')).length, 2);
  t.match(await clew('sources', 'recordings', 'tx', '--forget'), { out: '2 recorded pushes of tx are forgotten\n' });
  t.match(await clew('sources', 'capture', 'tx', '--count', '5000'), { exit: 2, err: /count must be/ });
});

t.test('waiting prints pushes as they come, and ends with the last or at Ctrl-C', async (t) => {
  const { env, clew, json, record, db } = await commandLine(t);
  const { id } = await json('sources', 'create', '--name', 'tx', '--kind', 'tencent');
  await clew('sources', 'capture', 'tx', '--count', '1');
  await record(id, tencentLead({ leads_id: 'before' }));
  const waiting = (count: string) => {
    const seen = { out: '', err: '', started: () => {}, stop: async (_why: Ending) => {} };
    const started = new Promise<void>((resolve) => {
      seen.started = resolve;
    });
    const ran = runClew(['sources', 'capture', 'tx', '--count', count, '--wait'], env, {
      stdout: (text) => {
        seen.out += text;
      },
      onStop: (_delay, stop) => {
        seen.stop = stop;
        seen.started();
        return { end: () => undefined, release: () => undefined };
      },
    });
    return { seen, started, ran };
  };
  const two = waiting('2');
  await two.started;
  await record(id, tencentLead({ leads_id: 'one' }));
  await record(id, tencentLead({ leads_id: 'two' }));
  t.equal((await two.ran).exit, 0);
  t.match(two.seen.out, /"leads_id":"one"[\s\S]*"leads_id":"two"/);
  t.notMatch(two.seen.out, 'before', 'nothing of an earlier recording');

  const more = waiting('9');
  await more.started;
  await more.seen.stop({ signal: 'SIGINT' });
  t.equal((await more.ran).exit, 0);
  t.match(
    await db.selectFrom('recording').select('remaining').execute(),
    [{ remaining: 0 }],
    'and no more is recorded',
  );
});

t.test('replay takes recordings in, and compares what is kept', async (t) => {
  const { clew, json, record, db } = await commandLine(t);
  const { id } = await json('sources', 'create', '--name', 'tx', '--kind', 'tencent');
  await clew('sources', 'capture', 'tx', '--count', '5');
  await record(id, tencentLead({ car: 'Demo SUV' }), 'signature_invalid');
  const bad = await record(id, tencentLead({ leads_id: '2', leads_tel: '12345' }));
  const leads = async () => (await db.selectFrom('lead').select('id').execute()).length;
  const tried = await clew('sources', 'replay', 'tx', '--from', 'recordings', '--dry-run');
  t.equal(tried.exit, 0, tried.err);
  t.match(tried.out, '2 of recordings of tx would be read again: 1 created, 1 quarantined\n');
  t.match(tried.out, `${bad}  quarantined (phone_invalid)`);
  t.equal(await leads(), 0);
  t.match(await clew('sources', 'replay', 'tx', '--from', 'recordings'), {
    exit: 0,
    out: /were read again: 1 created/,
  });
  t.equal(await leads(), 1);
  t.match(await clew('sources', 'replay', 'tx'), { out: /1 of quarantine of tx were read again: 1 quarantined/ });
  t.match(await clew('sources', 'replay', 'tx', '--from', 'kept'), { exit: 2, err: /only compared/ });
  const file = join(t.testdir(), 'settings.json');
  await writeFile(file, JSON.stringify({ field_map: { fields: { 'product.model': { path: 'car' } } } }));
  await clew('sources', 'update', 'tx', '--settings', file);
  const { out } = await clew('sources', 'replay', 'tx', '--from', 'kept', '--dry-run');
  t.match(out, '1 changed');
  t.match(out, '    product.model: null → "Demo SUV"\n');
  t.match(await clew('sources', 'replay', 'tx', '--from', 'moon'), { exit: 2, err: /--from must be one of/ });
  t.match(await clew('sources', 'replay', 'tx', '--since', 'noon'), { exit: 2, err: /--since must be a time/ });
});
