import { createHmac } from 'node:crypto';
import t from 'tap';
import { openAuthenticity } from '../../src/channels/open-scheme.ts';
import { madePush } from './made-push.ts';

const setup = (scheme: unknown, secrets: readonly string[] = ['demo']) => ({
  secrets,
  credentials: {},
  settings: { scheme },
});

t.test('nothing is checked until a scheme is named', async (t) => {
  t.equal(openAuthenticity(madePush(), setup(undefined)).kind, 'authentic');
  t.equal(openAuthenticity(madePush(), setup('none')).kind, 'authentic');
});

t.test('a named scheme is checked, and needs its secret', async (t) => {
  const value = createHmac('sha256', 'demo').update('{}').digest('hex');
  const push = madePush({ body: {}, headers: { 'x-open-signature': value } });
  t.equal(openAuthenticity(push, setup('s3')).kind, 'authentic');
  t.match(openAuthenticity({ ...push, headers: {} }, setup('s3')), { code: 'signature_missing' });
  t.match(openAuthenticity(push, setup('s3', [])), { code: 'secret_missing' });
});

t.test('a scheme that nobody knows lets nothing in', async (t) => {
  for (const scheme of ['s99', 'constructor', {}, 1])
    t.equal(openAuthenticity(madePush(), setup(scheme)).kind, 'refused');
});
