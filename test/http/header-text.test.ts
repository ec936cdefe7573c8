import t from 'tap';
import { headerText } from '../../src/http/header-text.ts';

// Node hands the bytes of a header over as latin-1.
const onTheWire = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

t.test('reads plain, UTF-8, latin-1 and percent-encoded text', async (t) => {
  t.equal(headerText(undefined, 'Access-Reason', 10), null);
  t.equal(headerText(' call back ', 'Access-Reason', 10), 'call back');
  t.equal(headerText(onTheWire('客户回访'), 'Access-Reason', 10), '客户回访');
  t.equal(headerText(encodeURIComponent('客户回访'), 'Access-Reason', 10), '客户回访');
  t.equal(headerText('caf\u00e9', 'Access-Reason', 10), 'café');
  t.equal(headerText('100% sure', 'Access-Reason', 10), '100% sure');
});

t.test('refuses what is blank or too long, with the name of the header', async (t) => {
  for (const value of ['', '   ', 'x'.repeat(11)]) {
    t.throws(() => headerText(value, 'Access-Reason', 10), {
      code: 'header_invalid',
      details: { errors: [{ path: '/Access-Reason' }] },
    });
  }
});
