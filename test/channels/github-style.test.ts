import { createHmac } from 'node:crypto';
import t from 'tap';
import type { Push, Setup } from '../../src/channels/channel.ts';
import { githubStyle } from '../../src/channels/github-style.ts';
import { leadsOf, walk } from './walk.ts';

function setup(settings: Setup['settings'] = {}): Setup {
  return { secrets: ['demo_secret'], credentials: {}, settings };
}

function push(body: string, header = 'x-hub-signature-256', more: Readonly<Record<string, string>> = {}): Push {
  const value = `sha256=${createHmac('sha256', 'demo_secret').update(body).digest('hex')}`;
  return {
    method: 'POST',
    path: '/in/x',
    query: '',
    headers: { [header]: value, 'x-github-delivery': 'd-1', ...more },
    body: Buffer.from(body),
    receivedAt: 0,
  };
}

t.test('takes a signature in the header that the source names', async (t) => {
  t.equal(githubStyle.authenticate(push('{}'), setup()).kind, 'authentic');
  t.equal(
    githubStyle.authenticate(push('{}', 'x-my-sign'), setup({ signature_header: 'X-My-Sign' })).kind,
    'authentic',
  );
  t.match(githubStyle.authenticate(push('{}', 'x-my-sign'), setup()), { code: 'signature_missing' });
  t.match(githubStyle.authenticate(push('{}'), { ...setup(), secrets: [] }), { code: 'secret_missing' });
});

t.test('reads JSON in the field payload of a form', async (t) => {
  const body = new URLSearchParams({ payload: '{"external_id":"e1","phone":"13800138000"}' }).toString();
  const { split, drafts } = await walk(githubStyle, push(body), setup());
  t.strictSame(
    leadsOf(split).map(({ externalId, deliveryId }) => [externalId, deliveryId]),
    [['e1', 'd-1']],
  );
  t.equal(drafts[0]?.person?.phone, '13800138000');
});

t.test('a payload that is no JSON is a field like any other', async (t) => {
  const { split } = await walk(githubStyle, push('payload=x&phone=13800138000'), setup());
  t.strictSame(leadsOf(split)[0]?.record, { payload: 'x', phone: '13800138000' });
});

t.test('a ping is no lead, even where its body looks like one', async (t) => {
  const { split } = await walk(
    githubStyle,
    push('{"phone":"13800138000"}', undefined, { 'x-github-event': 'ping' }),
    setup(),
  );
  t.strictSame(split, { kind: 'items', items: [{ kind: 'ignored', why: 'ping' }] });
});
