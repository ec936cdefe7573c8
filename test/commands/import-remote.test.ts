import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Ending, Io } from '../../src/commands/command.ts';
import { importerOf } from '../helpers/importing.ts';
import { type Ran, runClew } from '../helpers/io.ts';
import { startService } from '../helpers/service.ts';

t.setTimeout(120_000);

/** A command line that calls a service whose importer works while a command is watching. */
async function remote(t: Test) {
  const service = await startService(t);
  const importer = importerOf(t, service);
  const { secret, sourceId } = await service.makeKey({
    name: 'expo',
    scopes: ['leads:write', 'leads:read', 'pii:read'],
  });
  const folder = t.testdir();
  const clew = (words: readonly string[], env: Record<string, string> = {}, more: Partial<Io> = {}) =>
    runClew(words, { CLEW_URL: `${service.url}/`, CLEW_KEY: secret, ...env }, more);
  const worked = async (running: Promise<Ran>) => {
    let over = false;
    const ended = running.finally(() => {
      over = true;
    });
    while (!over) await importer.round();
    return ended;
  };
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const leads = async () => (await service.call('GET', '/v1/leads')).body.items.length;
  return { service, importer, sourceId, folder, clew, worked, file, leads };
}

const MIXED = '手机号,姓名\n13800138001,测试甲\n138001,测试丙\n';

t.test(
  'by a service: watched to its end, refused rows beside the file, corrected there and imported again',
  async (t) => {
    const { clew, worked, file, folder, leads, service } = await remote(t);
    const path = await file('leads.csv', MIXED);
    const map = await file('map.json', JSON.stringify({ fields: { 'person.name': { label: '姓名' } } }));
    const ran = await worked(
      clew(['import', path, '--watch', '--map', map, '--campaign', 'c 1&x', '--channel', 'event']),
    );
    t.equal(ran.exit, 1, ran.err);
    t.match(
      ran.out,
      /姓名 +→ person\.name \(rule\)[\s\S]*completed: 2 rows\n {2}new +1 [\s\S]*1 row was refused: .*leads\.errors\.csv holds them/,
    );
    t.match(ran.err, /^completed 2 of 2 rows/m);
    t.match((await service.call('GET', '/v1/imports')).body.items, [
      {
        file: { name: 'leads.csv' },
        options: {
          campaign: { id: 'c 1&x' },
          channel: 'event',
          field_map: { fields: { 'person.name': { label: '姓名' } } },
        },
      },
    ]);
    const errors = join(folder, 'leads.errors.csv');
    const text = await readFile(errors, 'utf8');
    t.match(text, /138001,测试丙,3,/, 'in full: the key has pii:read, and a reason was given');
    await writeFile(errors, text.replace('138001,', '13800138003,'));
    const fixed = await worked(clew(['import', errors, '--watch', '--json']));
    t.equal(fixed.exit, 0, fixed.err);
    t.match(JSON.parse(fixed.out), { state: 'completed', classes: { new: 1 }, errors_file: null });
    t.equal(await leads(), 2);
  },
);

t.test('without --watch it is there, and can be watched', async (t) => {
  const { clew, worked, file, service, folder } = await remote(t);
  const path = await file('leads.csv', MIXED);
  const { secret } = await service.makeKey({ name: 'plain', scopes: ['leads:write'] });
  const ran = await clew(['import', path, '--key', secret]);
  t.equal(ran.exit, 0, ran.err);
  const [, id, address] =
    /^import (\S+) is there: (\S+)\nwatch it: clew import --resume \1 --url http\S+\n$/.exec(ran.out) ?? [];
  t.equal(address, `${service.url}/v1/imports/${id}`);
  const watched = await worked(
    clew(['import', '--resume', id ?? '', '--errors', join(folder, 'e.csv')], { CLEW_KEY: secret }),
  );
  t.equal(watched.exit, 1, watched.err);
  t.match(
    watched.out,
    /e\.csv holds them, masked: it cannot be corrected\. A key with pii:read gets them in full\.\n$/,
  );
  t.notMatch(await readFile(join(folder, 'e.csv'), 'utf8'), '138001,');
});

t.test('Ctrl-C ends the watching, and the import goes on there', async (t) => {
  const { clew, file, importer, service } = await remote(t);
  const path = await file('leads.csv', MIXED);
  let stop: (why: Ending) => Promise<void> = async () => undefined;
  let [err, told] = ['', Promise.resolve()];
  const ran = await clew(
    ['import', path, '--watch'],
    {},
    {
      onStop: (_delay, given) => {
        stop = given;
        return { end: () => undefined, release: () => undefined };
      },
      stderr: (text) => {
        err += text;
        if (/^waiting/.test(text)) told = stop({ signal: 'SIGINT' }).catch(() => undefined);
      },
    },
  );
  await told;
  t.equal(ran.exit, 1);
  const id =
    /no longer watching; the import goes on: \S+\/v1\/imports\/(\S+)\nwatch it again: clew import --resume \1 /.exec(
      err,
    )?.[1];
  await importer.round();
  t.match((await service.call('GET', `/v1/imports/${id}`)).body, { state: 'completed' });
});

t.test('what a service refuses is a sentence and exit 2', async (t) => {
  const { clew, file, service } = await remote(t);
  const path = await file('leads.csv', MIXED);
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--source', 'fair'], /^clew: the service refused it \(scope_missing\): /m],
    [['--source', 'fair', '--key', service.adminKey], /^clew: there is no source fair; there are: admin, expo\n$/m],
    [['--key', 'clew_wrong'], /^clew: the service refused it \(unauthenticated\): A valid API key is needed\. Send /m],
    [['--template', 'none'], /^clew: the service refused it \(body_invalid\): template .*There are: .*douyin-laike/m],
    [['--url', `${service.url}/elsewhere`], /^clew: the service refused it \(route_not_found\): /m],
    [
      ['--url', 'http://127.0.0.1:1'],
      /^clew: the service at http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)\n$/m,
    ],
  ];
  for (const [words, sentence] of wrong) {
    t.match(await clew(['import', path, ...words]), { exit: 2, out: '', err: sentence }, words.join(' '));
  }
  const unknown = await clew(['import', '--resume', '0197a3c2-5d10-7abc-8def-0123456789ab']);
  t.match(unknown, { exit: 2, err: /^clew: the service refused it \(not_found\): / });
  t.equal((await service.call('GET', '/v1/imports')).body.items.length, 0);
});
