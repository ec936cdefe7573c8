import fc from 'fast-check';
import t from 'tap';
import { cutSecret, redactBody, redactHeaders, redactQuery } from '../../src/http/redact.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const FORM_TYPE = 'application/x-www-form-urlencoded';

t.test('of a secret its beginning is left, of a short one less than half', async (t) => {
  t.strictSame(['0123456789abcdef', '123456', 'ab', ''].map(cutSecret), ['0123…', '12…', '…', '…']);
});

t.test('headers: what proves who sends is cut, phones are masked, the rest stays', async (t) => {
  t.strictSame(
    redactHeaders({
      authorization: 'Bearer abcdefghijkl',
      cookie: 'session=abcdefghijkl',
      'x-webflow-signature': 'f5a1b2c3d4e5f6a7',
      'x-hub-signature-256': 'sha256=f5a1b2c3d4e5',
      'x-api-key': 'abcdefghijkl',
      'x-auth': 'abcdefghijkl',
      'content-type': 'application/json',
      'x-from': 'tel 13800138000',
      'user-agent': 'demo/1.0',
    }),
    {
      authorization: 'Bear…',
      cookie: 'sess…',
      'x-webflow-signature': 'f5a1…',
      'x-hub-signature-256': 'sha2…',
      'x-api-key': 'abcd…',
      'x-auth': 'abcd…',
      'content-type': 'application/json',
      'x-from': 'tel 138****8000',
      'user-agent': 'demo/1.0',
    },
  );
});

t.test('a query and a form are read before they are masked', async (t) => {
  const query = 'msg_signature=0123456789abcdef&key=0123456789abcdef&timestamp=1775959140&echostr=abc&t';
  t.equal(redactQuery(query), 'msg_signature=0123…&key=0123…&timestamp=1775959140&echostr=abc&t');
  t.equal(redactQuery('tel=138+0013+8000&note=%E7%94%B5+138%200013%208000'), 'tel=*** **** 8000&note=电 138****8000');
  t.equal(redactQuery('a=%E0%A4%A&b=13800138000'), 'a=%E0%A4%A&b=138****8000', 'what cannot be decoded too');
  t.equal(
    redactBody('name=a&phone=85291234567&access_token=0123456789', FORM_TYPE),
    'name=a&phone=*******4567&access_token=012…',
  );
});

t.test('JSON: members are masked by what they are called, and phones wherever they are', async (t) => {
  const body = {
    google_key: '0123456789abcdef',
    phone: '852 9123 4567',
    mobile: 85291234567,
    weixin: 'zhangsan88',
    note: '电话 138-0013-8000，邮箱 demo@example.com',
    key: 'gender',
    design: 'blue sofa',
    nested: JSON.stringify({ phone: '85291234567', city: '杭州' }),
    id: 7390000000000000,
  };
  const shown = redactBody(JSON.stringify(body), JSON_TYPE);
  t.equal(
    shown,
    '{"google_key":"0123…","phone":"*** **** 4567","mobile":*******4567,"weixin":"zh****88",' +
      '"note":"电话 138****8000，邮箱 d***@example.com","key":"gender","design":"blue sofa",' +
      '"nested":"{\\"phone\\":\\"*******4567\\",\\"city\\":\\"杭州\\"}","id":7390000000000000}',
  );
});

t.test('laws: no mainland mobile is left of any JSON, and no text takes long', async (t) => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer({ min: 0, max: 99_999_999 }), (name, before, tail) => {
      const phone = `138${String(tail).padStart(8, '0')}`;
      const text = JSON.stringify({ [name]: `${before.replace(/[\d０-９]/g, '')} ${phone}`, x: { [name]: [phone] } });
      t.notOk(redactBody(text, JSON_TYPE).includes(phone));
    }),
    { numRuns: 300 },
  );
  for (const hostile of ['\\', '"', '"\\', '":"', '\\"', '" : ', '{"a":"', '"a\\":\\"']) {
    const began = performance.now();
    redactBody(hostile.repeat(200_000), JSON_TYPE);
    t.ok(performance.now() - began < 3_000, JSON.stringify(hostile));
  }
});

t.test(
  'secrets go from forms that are called something else, from XML and from parts of a multipart form',
  async (t) => {
    const form = 'a=1&token=0123456789abcdef&phone=010-12345678';
    for (const type of ['text/plain', '', 'application/octet-stream']) {
      t.equal(redactBody(form, type), 'a=1&token=0123…&phone=***-****5678');
    }
    t.equal(redactBody('两个=字, 不是表单', 'text/plain'), '两个=字, 不是表单');
    t.equal(
      redactBody(
        '<x><token>0123456789abcdef</token><api_key a="b"><![CDATA[0123456789]]></api_key><n>王</n></x>',
        'text/xml',
      ),
      '<x><token>0123…</token><api_key a="b"><![CDATA[012…]]></api_key><n>王</n></x>',
    );
    const part = (name: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    t.equal(
      redactBody(
        `${part('token', '0123456789abcdef')}${part('note', 'hello')}--b--`,
        'multipart/form-data; boundary=b',
      ),
      `${part('token', '0123…')}${part('note', 'hello')}--b--`,
    );
    t.strictSame(redactHeaders({ 'x-sig': '0123456789abcdef' }), { 'x-sig': '0123…' });
    for (const hostile of ['<a', '<a ', '<a>', 'name="a"\r\n', 'name="a"\r\n\r\n', '<![CDATA[']) {
      const began = performance.now();
      redactBody(hostile.repeat(200_000), 'text/xml');
      t.ok(performance.now() - began < 3_000, hostile);
    }
  },
);
