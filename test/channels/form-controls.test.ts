import t from 'tap';
import { controlsOf, honeypotOf, withoutControls } from '../../src/channels/form-controls.ts';

const NOON = Date.UTC(2026, 5, 1, 4);

t.test('how long filling in took, by one clock where the page gives both moments', async (t) => {
  const seconds = (fields: object) => controlsOf({ ...fields }, {}, NOON).filledSeconds;
  t.equal(seconds({}), null);
  t.equal(seconds({ form_started_at: NOON - 1500 }), 1.5);
  t.equal(seconds({ form_started_at: String(NOON - 1500) }), 1.5);
  t.equal(seconds({ form_started_at: '2026-06-01T11:59:50+08:00' }), 10);
  t.equal(seconds({ form_started_at: NOON + 1 }), null, 'a clock that is ahead tells nothing');
  t.equal(seconds({ form_started_at: NOON + 60_000, form_sent_at: NOON + 64_000 }), 4, 'by the clock of the visitor');
  for (const text of ['', 'soon', '12', '99999999999999999', ['1'], {}])
    t.equal(seconds({ form_started_at: text }), null);
});

t.test('a trap is filled by anything in it', async (t) => {
  const trap = (fields: object, honeypot?: string) =>
    controlsOf({ ...fields }, honeypot === undefined ? {} : { honeypot }, NOON).trap;
  for (const value of [undefined, '', '  ', null]) t.equal(trap({ website: value }), 'empty');
  for (const value of ['x', 0, ['x'], [''], '0']) t.equal(trap({ website: value }), 'filled', JSON.stringify(value));
  t.equal(trap({ website: 'x' }, 'fax'), 'empty');
  t.equal(trap({ fax: 'x' }, 'fax'), 'filled');
  t.equal(honeypotOf({}), 'website');
});

t.test('where to go, and what the captcha gave', async (t) => {
  const captcha = { verify_url: 'https://c.example/', field: 'proof' };
  t.match(controlsOf({ redirect: ' /a ', _next: '/b', proof: 'p' }, { captcha }, NOON), {
    redirect: '/a',
    captcha: 'p',
  });
  t.match(controlsOf({ _next: '/b', proof: 'p' }, {}, NOON), { redirect: '/b', captcha: null });
});

t.test('controls are not about the person', async (t) => {
  const fields = { phone: '1', website: '', redirect: 'x', 'g-recaptcha-response': 'y', proof: 'z', form_sent_at: '1' };
  t.strictSame(withoutControls(fields, {}), { phone: '1', proof: 'z' });
  const captcha = { verify_url: 'https://c.example/', field: 'proof' };
  t.strictSame(withoutControls(fields, { captcha }), { phone: '1' });
  t.strictSame(withoutControls({ website: 'filled' }, {}), { website: 'filled' });
});
