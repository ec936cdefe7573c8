import { createHmac } from 'node:crypto';
import t from 'tap';
import type { Push, Setup } from '../../src/channels/channel.ts';
import { oceanEngine } from '../../src/channels/ocean-engine.ts';
import { madePush } from './made-push.ts';

const SETUP: Setup = { secrets: ['demo'], credentials: {}, settings: {} };

function signed(body: unknown): Push {
  const push = madePush({ body });
  const value = createHmac('sha256', 'demo').update(push.body).digest('hex');
  return { ...push, headers: { ...push.headers, 'x-open-signature': value } };
}

const split = (body: unknown, settings: Setup['settings'] = {}) =>
  oceanEngine.split(body, madePush({ body }), { ...SETUP, settings });
const envelope = (data: unknown, service_label = 'clue.create') => ({ message_id: 'm1', service_label, data });

t.test('a push that was signed too long ago is refused, unless the window is turned off', async (t) => {
  const now = madePush().receivedAt;
  for (const [timestamp, seconds, kind] of [
    [now - 3_600_000, undefined, 'authentic'],
    [now - 3_600_001, undefined, 'refused'],
    [now + 3_600_001, undefined, 'refused'],
    [String(now - 61_000), 60, 'refused'],
    [now - 86_400_000, 0, 'authentic'],
    [undefined, undefined, 'authentic'],
  ] as const) {
    const settings = seconds === undefined ? {} : { max_age_seconds: seconds };
    t.equal(oceanEngine.authenticate(signed({ timestamp, nonce: 1 }), { ...SETUP, settings }).kind, kind);
  }
});

t.test('named topics carry leads whatever their data holds, others none', async (t) => {
  const settings = { lead_topics: ['clue.*'] };
  t.match(split(envelope('{"remark":"x"}'), settings), { items: [{ kind: 'lead', externalId: null }] });
  t.match(split(envelope('{"clue_id":"1"}', 'report.x'), settings), {
    items: [{ kind: 'ignored', why: 'topic_unknown' }],
  });
  t.match(split(envelope('no JSON'), settings), { kind: 'unmappable' });
  t.match(split(envelope([]), settings), { kind: 'unmappable' });
});

t.test('without named topics data tells: a clue id or a phone makes a lead', async (t) => {
  for (const data of ['{"clue_id":7400000000000000001}', { telphone: '13800138001' }, '[{"phone":"13800138001"}]']) {
    t.match(split(envelope(data)), { items: [{ kind: 'lead' }] });
  }
  for (const data of ['no JSON', null, 7, '{"clue_id":"0"}', { telephone: '' }]) {
    t.match(split(envelope(data)), { items: [{ kind: 'ignored' }] });
  }
});

t.test('what is sent again under a new nonce and time is the same content', async (t) => {
  const data = '{"clue_id":"1","telephone":"13800138001"}';
  const [a, b] = [1, 2].map((n) => split({ ...envelope(data), nonce: n, timestamp: n, message_id: `m${n}` }));
  const content = (made: typeof a) => made?.kind === 'items' && made.items[0]?.kind === 'lead' && made.items[0].content;
  t.ok(content(a));
  t.strictSame(content(a), content(b));
});
