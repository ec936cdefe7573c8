import { Webhook } from 'standardwebhooks';
import t from 'tap';
import type { Push, Setup } from '../../src/channels/channel.ts';
import { standardWebhooks } from '../../src/channels/standard-webhooks.ts';
import { leadsOf, walk } from './walk.ts';

const SECRET = 'whsec_ZGVtb19zZWNyZXRfMjRfYnl0ZXNfeHh4';
const OTHER = 'whsec_b3RoZXJfc2VjcmV0XzI0X2J5dGVzX3h4eA==';
const AT = 1_776_000_000_000;

function setup(settings: Setup['settings'] = {}, secrets: readonly string[] = [SECRET]): Setup {
  return { secrets, credentials: {}, settings };
}

function push(body: unknown, id = 'msg_1', at = AT): Push {
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(SECRET).sign(id, new Date(at), text),
  };
  return { method: 'POST', path: '/in/x', query: '', headers, body: Buffer.from(text), receivedAt: AT };
}

t.test('takes what the published library signs', async (t) => {
  const body = { type: 'lead', timestamp: '2026-04-12T00:00:00Z', data: { phone: '13800138000' } };
  t.equal(standardWebhooks.authenticate(push(body), setup()).kind, 'authentic');
  t.equal(standardWebhooks.authenticate(push(body), setup({}, [OTHER, SECRET])).kind, 'authentic');
  t.match(standardWebhooks.authenticate(push(body), setup({}, [OTHER])), { code: 'signature_invalid' });
  t.match(standardWebhooks.authenticate(push(body, 'msg_1', AT - 301_000), setup()), { code: 'signature_expired' });
  t.equal(
    standardWebhooks.authenticate(push(body, 'msg_1', AT - 301_000), setup({ tolerance_seconds: 400 })).kind,
    'authentic',
  );
  const renamed = push(body);
  t.match(
    standardWebhooks.authenticate({ ...renamed, headers: { ...renamed.headers, 'webhook-id': 'msg_2' } }, setup()),
    {
      code: 'signature_invalid',
    },
  );
});

t.test('content is type and data, whatever the message is called', async (t) => {
  const data = { external_id: 'e1', phone: '13800138000' };
  const first = await walk(standardWebhooks, push({ type: 'lead', timestamp: 'a', data }, 'msg_1'), setup());
  const again = await walk(standardWebhooks, push({ type: 'lead', timestamp: 'b', data }, 'msg_2'), setup());
  const [a] = leadsOf(first.split);
  const [b] = leadsOf(again.split);
  t.strictSame(a?.content, { type: 'lead', data });
  t.strictSame(b?.content, a?.content);
  t.strictSame([a?.deliveryId, b?.deliveryId], ['msg_1', 'msg_2']);
});

t.test('the time of the lead goes before that of the event', async (t) => {
  const timestamp = '2026-04-12T01:00:00Z';
  const own = { phone: '13800138000', occurred_at: '2026-04-11T01:00:00Z' };
  const both = await walk(standardWebhooks, push({ type: 'lead', timestamp, data: own }), setup());
  t.equal(both.drafts[0]?.occurred_at, '2026-04-11T01:00:00.000Z');
  const none = await walk(standardWebhooks, push({ type: 'lead', timestamp, data: { phone: '13800138000' } }), setup());
  t.equal(none.drafts[0]?.occurred_at, '2026-04-12T01:00:00.000Z');
  t.equal(none.drafts[0]?.extra?.['webhook'], undefined);
});

t.test('what is no lead is ignored or unmappable', async (t) => {
  const listed = setup({ types: ['lead.created', 'form.*'] });
  for (const [type, kind] of [
    ['lead.created', 'lead'],
    ['form.sent', 'lead'],
    ['lead.deleted', 'ignored'],
    [undefined, 'ignored'],
  ] as const) {
    const { split } = await walk(standardWebhooks, push({ type, data: { a: 1 } }), listed);
    t.equal(split?.kind === 'items' ? split.items[0]?.kind : split?.kind, kind, String(type));
  }
  for (const body of [null, 1, 'text'])
    t.equal((await walk(standardWebhooks, push(body), setup())).split?.kind, 'unmappable');
});
