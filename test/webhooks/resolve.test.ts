import t from 'tap';
import type { TargetRules } from '../../src/webhooks/outbound.ts';
import { type Lookup, resolveTarget, sharedLookup } from '../../src/webhooks/resolve.ts';

const RULES: TargetRules = { http: 'refuse', allowed: ['10.1.0.0/16'] };

function answers(...addresses: readonly string[]): Lookup {
  return async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
}

t.test('every address of a name is checked', async (t) => {
  const cases: readonly (readonly [readonly string[], 'ok' | 'forbidden' | 'unresolved'])[] = [
    [['8.8.8.8'], 'ok'],
    [['8.8.8.8', '2606:4700:4700::1111'], 'ok'],
    [['10.1.2.3'], 'ok'],
    [['10.1.2.3', '8.8.8.8'], 'ok'],
    [['127.0.0.1'], 'forbidden'],
    [['8.8.8.8', '127.0.0.1'], 'forbidden'],
    [['8.8.8.8', '::1'], 'forbidden'],
    [['2606:4700:4700::1111', '::ffff:10.0.0.1'], 'forbidden'],
    [['10.2.0.1', '10.1.0.1'], 'forbidden'],
    [[], 'unresolved'],
  ];
  for (const [addresses, kind] of cases) {
    const resolved = await resolveTarget('crm.example', RULES, answers(...addresses));
    t.equal(resolved.kind, kind, addresses.join(', '));
    if (resolved.kind === 'ok') t.strictSame(resolved.addresses, await answers(...addresses)(''));
  }
});

t.test('what is said of a forbidden name tells none of its addresses', async (t) => {
  const resolved = await resolveTarget('hr.internal', RULES, answers('10.9.8.7'));
  t.match(resolved, { kind: 'forbidden', detail: /hr\.internal/ });
  t.notMatch(JSON.stringify(resolved), /10\.9\.8\.7/);
});

t.test('a literal address is checked and never looked up', async (t) => {
  const never: Lookup = async (hostname) => t.fail(`${hostname} was looked up`) as never;
  t.match(await resolveTarget('8.8.8.8', RULES, never), { kind: 'ok', addresses: [{ address: '8.8.8.8', family: 4 }] });
  t.match(await resolveTarget('[2606:4700::1]', RULES, never), { addresses: [{ address: '2606:4700::1', family: 6 }] });
  t.match(await resolveTarget('169.254.169.254', RULES, never), { kind: 'forbidden' });
  t.match(await resolveTarget('[::1]', RULES, never), { kind: 'forbidden' });
  t.match(await resolveTarget('[::ffff:7f00:1]', RULES, never), { kind: 'forbidden' });
});

t.test('a name that does not resolve may do so later', async (t) => {
  const failing: Lookup = async () => {
    throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  };
  t.match(await resolveTarget('nowhere.example', RULES, failing), { kind: 'unresolved', detail: /nowhere\.example/ });
});

t.test('a resolver that does not answer is not waited for', async (t) => {
  const asking = setInterval(() => undefined, 1_000); // a query under way keeps the process
  const silent: Lookup = () => new Promise(() => undefined);
  t.match(await resolveTarget('slow.example', RULES, silent, 20), { kind: 'unresolved', detail: /in time/ });
  clearInterval(asking);
});

t.test('the system resolves this machine by name, and it is refused', async (t) => {
  t.match(await resolveTarget('localhost', RULES), { kind: 'forbidden' });
  t.match(await resolveTarget('localhost', { http: 'allow', allowed: ['127.0.0.0/8', '::1/128'] }), { kind: 'ok' });
});

t.test('those who want one name at the same time ask once', async (t) => {
  const asked: string[] = [];
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const lookup = sharedLookup(async (hostname) => {
    asked.push(hostname);
    await gate;
    if (hostname === 'bad') throw new Error('none');
    return [{ address: '8.8.8.8', family: 4 }];
  });
  const all = Promise.allSettled([lookup('a'), lookup('a'), lookup('b'), lookup('bad'), lookup('bad')]);
  release();
  t.strictSame(
    (await all).map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
  );
  t.strictSame(asked, ['a', 'b', 'bad']);
  await lookup('a');
  t.strictSame(asked, ['a', 'b', 'bad', 'a'], 'and nothing is kept for later');
});
