import t from 'tap';
import { formConsents, withoutConsents } from '../../src/channels/form-consents.ts';

t.test('a ticked box is a consent for its purpose, with version and page; an empty one states nothing', async (t) => {
  const fields = {
    consent: 'on',
    consent_contact: '1',
    consent_analytics: 'no',
    consent_ad_feedback: '同意',
    consent_version: 'v3',
  };
  t.strictSame(formConsents(fields, 'https://www.example.cn/'), [
    { purpose: 'contact', granted: true, text_version: 'v3', proof: 'https://www.example.cn/' },
    { purpose: 'ad_feedback', granted: true, text_version: 'v3', proof: 'https://www.example.cn/' },
  ]);
  t.strictSame(formConsents({ consent: true }, null), [{ purpose: 'contact', granted: true }]);
  t.strictSame(
    formConsents({ consent: ['0', '1'] }, null),
    [{ purpose: 'contact', granted: true }],
    'a hidden 0 before a box',
  );
  for (const consent of ['', '0', 'FALSE', 'off', '否', '不同意', false, null, ['0'], {}, undefined]) {
    t.strictSame(formConsents({ consent }, 'x'), [], JSON.stringify(consent));
  }
});

t.test('texts are within what is stored', async (t) => {
  const [consent] = formConsents({ consent: '1', consent_version: `a\0${'v'.repeat(100)}` }, 'p'.repeat(9000));
  t.strictSame([consent?.text_version?.length, consent?.proof?.length], [64, 500]);
  t.notMatch(consent?.text_version, '\0');
});

t.test('a box that says no stays as it was said', async (t) => {
  t.strictSame(withoutConsents({ consent: '1', consent_analytics: '0', phone: '1' }), {
    consent_analytics: '0',
    phone: '1',
  });
});
