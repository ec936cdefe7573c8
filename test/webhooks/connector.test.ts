import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { createConnector } from '../../src/webhooks/connector.ts';
import type { TargetRules } from '../../src/webhooks/outbound.ts';
import type { Lookup, ResolvedAddress } from '../../src/webhooks/resolve.ts';

const LOOPBACK: TargetRules = { http: 'allow', allowed: ['127.0.0.0/8', '::1/128'] };
const NOTHING: TargetRules = { http: 'allow', allowed: [] };

interface Opened {
  readonly code: string | null; // null: it is open
  readonly peer: string | undefined;
}

async function listener(t: Test): Promise<{ readonly port: string; readonly seen: () => number }> {
  let seen = 0;
  const server = createServer((socket) => {
    seen += 1;
    socket.on('error', () => undefined).resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { port: String((server.address() as AddressInfo).port), seen: () => seen };
}

function open(rules: TargetRules, lookup: Lookup, hostname: string, port: string, protocol = 'http:'): Promise<Opened> {
  const connect = createConnector({ rules, lookup });
  return new Promise((resolve) => {
    connect({ hostname, host: hostname, protocol, port }, (error, socket) => {
      if (error !== null) return resolve({ code: (error as NodeJS.ErrnoException).code ?? '', peer: undefined });
      resolve({ code: null, peer: (socket as Socket).remoteAddress });
      socket.destroy();
    });
  });
}

const to =
  (...addresses: readonly ResolvedAddress[]): Lookup =>
  async () =>
    addresses;
const LOCAL = { address: '127.0.0.1', family: 4 };
const PUBLIC = { address: '8.8.8.8', family: 4 };
const never: Lookup = async () => t.fail('it was looked up') as never;

t.test('a name is connected to what was checked', async (t) => {
  const { port } = await listener(t);
  t.strictSame(await open(LOOPBACK, to(LOCAL), 'crm.example', port), { code: null, peer: '127.0.0.1' });
  const both = to({ address: '::1', family: 6 }, LOCAL);
  t.strictSame(
    await open(LOOPBACK, both, 'crm.example', port),
    { code: null, peer: '127.0.0.1' },
    'the one that answers',
  );
});

t.test('a name with a forbidden address is not connected to', async (t) => {
  const { port, seen } = await listener(t);
  t.match(await open(NOTHING, to(LOCAL), 'crm.example', port), { code: 'target_forbidden' });
  t.match(await open(NOTHING, to(PUBLIC, LOCAL), 'crm.example', port), { code: 'target_forbidden' });
  t.match(await open(NOTHING, to(), 'crm.example', port), { code: 'target_unresolved' });
  t.match(await open(NOTHING, () => Promise.reject(new Error('none')), 'crm.example', port), {
    code: 'target_unresolved',
  });
  t.equal(seen(), 0);
});

t.test('a forbidden literal address is not connected to, though Node asks no lookup for it', async (t) => {
  const { port, seen } = await listener(t);
  for (const literal of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254']) {
    t.match(await open(NOTHING, never, literal, port), { code: 'target_forbidden' }, literal);
    t.match(await open(NOTHING, never, literal, port, 'https:'), { code: 'target_forbidden' }, `${literal} with TLS`);
  }
  t.equal(seen(), 0);
  t.match(await open(LOOPBACK, never, '127.0.0.1', port), { code: null }, 'one that is allowed is');
});

t.test('a scheme that is not allowed is not spoken', async (t) => {
  const { port, seen } = await listener(t);
  const rules: TargetRules = { ...LOOPBACK, http: 'refuse' };
  t.match(await open(rules, never, '127.0.0.1', port), { code: 'target_scheme' });
  t.equal(seen(), 0);
});

t.test('the peer is checked once more when the connection is open', async (t) => {
  const { port } = await listener(t);
  let asked = 0;
  const rules: TargetRules = {
    http: 'allow',
    get allowed() {
      asked += 1;
      return asked === 1 ? ['127.0.0.0/8'] : []; // as if the connection had gone somewhere else
    },
  };
  t.match(await open(rules, never, '127.0.0.1', port), { code: 'target_forbidden' });
  t.equal(asked, 2);
});
