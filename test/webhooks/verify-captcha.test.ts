import t from 'tap';
import type { Outgoing, PoolKey, Sender } from '../../src/webhooks/outbound.ts';
import { createSender } from '../../src/webhooks/send.ts';
import { captchaVerifier } from '../../src/webhooks/verify-captcha.ts';

const NOTHING = { result: { kind: 'delivered', status: 200 }, at: 0, sentAt: 0, duration: 0, excerpt: null } as const;

function answering(answer: string | null) {
  const sent: (readonly [PoolKey, Outgoing])[] = [];
  const faults: unknown[] = [];
  const sender = {
    send: async (pool: PoolKey, outgoing: Outgoing) => {
      sent.push([pool, outgoing]);
      return { ...NOTHING, answer };
    },
    forget: () => {},
    close: async () => {},
  } as unknown as Sender;
  return { sent, faults, verify: captchaVerifier(sender, (error) => void faults.push(error)) };
}

t.test('what a service says, and whose fault it is', async (t) => {
  for (const [answer, verdict] of [
    ['{"success":true}', 'passed'],
    ['{"success":false}', 'failed'],
    ['{"success":false,"error-codes":["timeout-or-duplicate"]}', 'failed'],
    ['{"success":false,"error-codes":["invalid-input-secret"]}', 'unknown'],
    ['{"success":false,"error-codes":["internal-error"]}', 'unknown'],
    ['{"success":"true"}', 'unknown'],
    ['null', 'unknown'],
    ['[]', 'unknown'],
    ['<html>', 'unknown'],
    [null, 'unknown'],
  ] as const) {
    const { verify, sent, faults } = answering(answer);
    t.equal(await verify('https://c.example/verify', { secret: 's&', response: 'r' }), verdict, String(answer));
    t.match(sent, [[{ id: 'captcha https://c.example/verify' }, { timeoutMs: 2000, url: 'https://c.example/verify' }]]);
    t.equal(String(sent[0]?.[1].body), 'secret=s%26&response=r');
    t.equal(faults.length, verdict === 'unknown' ? 1 : 0);
  }
});

t.test('an address of this machine is not called', async (t) => {
  const sender = createSender({ rules: { http: 'allow', allowed: [] }, clock: Date.now });
  t.teardown(sender.close);
  const faults: unknown[] = [];
  const verify = captchaVerifier(sender, (error) => void faults.push(error));
  t.equal(await verify('http://127.0.0.1:1/verify', {}), 'unknown');
  t.match(String(faults[0]), 'target_forbidden');
});
