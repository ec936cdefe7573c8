import t, { type Test } from 'tap';
import type { Push } from '../../src/channels/channel.ts';
import { createPhoneCounts } from '../../src/flows/phone-counts.ts';
import { type FormVerdict, type ReceiveFormDeps, receiveForm } from '../../src/flows/receive-form.ts';
import type { Spool } from '../../src/flows/spool.ts';
import { madePush } from '../channels/made-push.ts';
import { type Service, startService } from '../helpers/service.ts';

const PERSON = { name: '张三', phone: '13800138001' };

/** The flow itself over a running service, with what a test puts in its place. */
async function receiving(t: Test, settings: object = {}, change: Partial<ReceiveFormDeps> = {}, more: object = {}) {
  const service = await startService(t);
  const made = await service.call('POST', '/v1/sources', { body: { name: 'x', kind: 'form', settings, ...more } });
  t.equal(made.status, 201, made.text);
  const loaded = await service.inbound.book.byId(made.body.id);
  if (loaded === null) throw new Error('the source is not there');
  const { vault, inbound } = service;
  const deps: ReceiveFormDeps = { ...inbound, vault, region: 'CN', phones: createPhoneCounts(), ...change };
  const receive = (body: unknown, more: Partial<Push> = {}): Promise<FormVerdict> =>
    receiveForm(deps, { ...loaded, credentials: {} }, madePush({ receivedAt: Date.now(), ...more, body }), {
      ip: '192.0.2.1',
      requestId: null,
    });
  return { ...service, receive };
}

async function kept({ db }: Service) {
  return db.selectFrom('submission').select(['decision', 'rule', 'fields']).orderBy('received_at').execute();
}

t.test('what a form comes to, and its one line', async (t) => {
  const service = await receiving(t);
  t.strictSame(await service.receive(PERSON), { kind: 'received', redirect: null });
  t.match(await service.receive({ phone: '1' }), { kind: 'unusable', code: 'phone_invalid', field: 'phone' });
  t.match(await service.receive('{'), { kind: 'unreadable' });
  t.match(await service.receive({ owner: 'A1' }), { kind: 'not_allowed', fields: [{ name: 'owner' }] });
  t.match(await service.receive({ ...PERSON, website: 'x' }), { kind: 'received' });
  t.match(
    service.pushes.map(({ as, code, decisions }) => [as, code, decisions]),
    [
      ['accepted', null, { created: 1 }],
      ['accepted', 'phone_invalid', { quarantined: 1 }],
      ['unreadable', 'unparsable', { quarantined: 1 }],
      ['unauthenticated', 'field_not_allowed', {}],
      ['accepted', 'suspected_bot', { quarantined: 1 }],
    ],
  );
  t.notMatch(JSON.stringify(service.pushes), '1380013');
});

t.test('neither database nor spool: it is said, and not thanked for', async (t) => {
  const spool: Spool = {
    keep: async () => 'spool_full',
    drain: async () => ({ taken: 0, left: 0, failure: null }),
    state: () => ({ entries: 0, bytes: 0, room: true, oldest: null }),
  };
  const away = () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
  const capture = {
    submit: away,
    dryRun: away,
    waiting: () => 0,
    lagMs: () => 0,
    idle: async () => {},
    busy: () => false,
  };
  const service = await receiving(t, {}, { spool, capture });
  t.strictSame(await service.receive(PERSON), { kind: 'unavailable' });
  t.match(service.pushes, [{ as: 'unavailable', code: 'spool_full' }]);
});

t.test('a captcha whose secret can no longer be opened is marked and let in', async (t) => {
  const form = { captcha: { verify_url: 'https://c.example/', field: 'proof' } };
  const asked: unknown[] = [];
  const service = await receiving(
    t,
    { form },
    {
      verifyCaptcha: async (...call) => {
        asked.push(call);
        return 'passed';
      },
    },
    { credentials: { captcha_secret: 's3cret' } },
  );
  t.match(await service.receive({ ...PERSON, proof: 'x' }), { kind: 'received' });
  t.match(await kept(service), [{ decision: 'created', fields: { extra: { captcha: 'unverified' } } }]);
  t.strictSame(asked, [], 'nobody is asked without a secret');
});

t.test('a source whose leads are completed later takes one without a phone', async (t) => {
  const service = await receiving(t, { completes_later: true });
  t.match(await service.receive({ name: '张三', submission_id: 's-1' }), { kind: 'received' });
  t.match(await kept(service), [{ decision: 'parked' }]);
  t.match(await service.receive({ name: '张三' }), { kind: 'unusable', code: 'phone_empty' });
});

t.test('one phone is counted however it is written, and for each source alone', async (t) => {
  const service = await receiving(t, { form: { per_phone_per_day: 1 } });
  for (const [at, phone] of ['13800138001', '+86 138-0013-8001', '138 0013 8001'].entries()) {
    t.match(await service.receive({ phone, name: `客户${at}` }), { kind: 'received' });
  }
  t.strictSame(
    (await kept(service)).map(({ rule }) => rule === 'quarantined.suspected_bot'),
    [false, true, true],
  );
});
