import fc from 'fast-check';
import t from 'tap';
import type { LeadItem, Push, Setup } from '../../src/channels/channel.ts';
import { CAPTCHA_HEADER, formChannel } from '../../src/channels/form.ts';
import { kindOf } from '../../src/channels/kinds.ts';
import { mapRecord } from '../../src/channels/map-record.ts';
import type { FormSettings } from '../../src/domain/source.ts';
import { madePush } from './made-push.ts';

const LIMITS = { maxDepth: 64, maxValues: 100_000 };

function setupOf(form: FormSettings = {}): Setup {
  return { secrets: [], credentials: {}, settings: { ...form } };
}

async function leadOf(push: Push, form: FormSettings = {}): Promise<LeadItem> {
  const decoded = await formChannel.decode(push, setupOf(form), LIMITS);
  if (decoded.kind !== 'decoded') throw new Error(decoded.detail);
  const split = formChannel.split(decoded.value, push, setupOf(form));
  const [item] = split.kind === 'items' ? split.items : [];
  if (item?.kind !== 'lead') throw new Error('no lead');
  return item;
}

async function draftOf(body: unknown, more: Partial<Push> = {}, form: FormSettings = {}) {
  const item = await leadOf(madePush({ ...more, body }), form);
  return { own: item.draft, ...mapRecord(item.record, [formChannel.fieldMap], {}) };
}

t.test('a form is a kind with credentials, an address that is no secret, and nothing signed', async (t) => {
  t.match(kindOf('form'), { channel: formChannel, way: 'form', defaults: { touchKind: 'form' } });
  t.equal(formChannel.secret, 'none');
  t.match(formChannel.credentials, { captcha_secret: { required: false } });
  t.strictSame(formChannel.authenticate(madePush(), setupOf()), { kind: 'authentic' });
  t.equal(formChannel.handshake(madePush(), setupOf()), null);
  t.equal(formChannel.acknowledge('paused', setupOf()).status, 200);
  t.equal(formChannel.acknowledge('unavailable', setupOf()).status, 503);
});

t.test('every click id that is known, by the name of its field, in whatever way names are nested', async (t) => {
  for (const name of 'gclid fbclid ttclid msclkid gdt_vid qz_gdt bd_vid clickid li_fat_id twclid click_id'.split(' ')) {
    const { draft } = await draftOf({ phone: '13800138001', [name]: 'c-1' });
    t.match(draft.traffic, { click_id: 'c-1', click_id_kind: name }, name);
  }
  const { draft } = await draftOf({ click_id: 'c-1', click_id_kind: 'xhs', gclid: 'g-1' });
  t.match(draft, { traffic: { click_id: 'c-1', click_id_kind: 'xhs' }, extra: { gclid: 'g-1' } }, 'a second is kept');
  const body =
    'person[phone]=13800138001&person.name=张三&product%5Bmodel%5D=A&intent.need=x&person[tags][]=a&person[tags][]=b';
  const nested = await draftOf(body, { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  t.match(nested.draft, {
    person: { phone: '13800138001', name: '张三', tags: ['a', 'b'] },
    product: { model: 'A' },
    intent: { need: 'x' },
  });
});

t.test('a page says neither when, nor that it is a test, nor what a number is', async (t) => {
  const { draft } = await draftOf({
    创建时间: '2020-01-01',
    date: '2026-12-24',
    是否测试: '是',
    person: { phone_kind: 'relay' },
  });
  t.equal(draft.occurred_at, '2026-04-12T02:00:00.000Z');
  t.equal(draft.test, false);
  t.equal(draft.person?.phone_kind, undefined);
  t.match(draft.extra, { 创建时间: '2020-01-01', date: '2026-12-24', 是否测试: '是' });
});

t.test('the landing page is the hidden field, else the Referer; the referrer is its own', async (t) => {
  const headers = { 'content-type': 'application/json', referer: 'https://www.example.cn/' };
  const landing = async (body: object) => (await draftOf(body, { headers })).draft.traffic?.landing_page;
  t.equal(await landing({ a: '1' }), 'https://www.example.cn/');
  t.equal(await landing({ landing_page: 'https://www.example.cn/a' }), 'https://www.example.cn/a');
  t.equal(await landing({ page_url: 'https://www.example.cn/b', landing_page: ' ' }), 'https://www.example.cn/b');
  t.equal(
    (await draftOf({ referrer: 'https://search.example/' }, { headers })).draft.traffic?.referrer,
    'https://search.example/',
  );
});

t.test(
  'controls are no content: the same words are the same content, whenever and with whatever token they come',
  async (t) => {
    const form: FormSettings = { honeypot: 'fax', captcha: { verify_url: 'https://c.example/', field: 'proof' } };
    const words = { phone: '13800138001', name: '张三' };
    const bare = await leadOf(madePush({ body: words }), form);
    const full = await leadOf(
      madePush({
        body: {
          ...words,
          fax: '',
          proof: 'x',
          form_started_at: 1,
          form_sent_at: 2,
          _next: 'y',
          redirect: 'z',
          visitor_id: 'v',
        },
      }),
      form,
    );
    t.strictSame(full.content, bare.content);
    t.not(full.deliveryId, bare.deliveryId);
    t.strictSame(full.draft, { ...bare.draft, visitor_id: 'v' });
    const later = await leadOf(madePush({ body: words, receivedAt: 1_800_000_000_000 }), form);
    t.not(later.deliveryId, bare.deliveryId, 'the same words at another time are no replay');
    t.equal((await leadOf(madePush({ body: words }), form)).deliveryId, bare.deliveryId, 'the same request is');
    t.match(
      (await leadOf(madePush({ body: { ...words, fax: 'x' } }), form)).record,
      { fax: 'x' },
      'a filled trap is shown',
    );
  },
);

t.test('where a page cannot fill hidden fields, its address tells where the visitor came from', async (t) => {
  const referer = 'https://www.example.cn/a?utm_source=baidu&utm_medium=cpc&bd_vid=7&phone=1&owner=x';
  const headers = { 'content-type': 'application/json', referer };
  const { draft } = await draftOf({ phone: '13800138001', utm_source: 'own', utm_medium: '' }, { headers });
  t.match(draft, {
    person: { phone: '13800138001' },
    traffic: { utm_source: 'own', utm_medium: 'cpc', click_id: '7', click_id_kind: 'bd_vid', landing_page: referer },
  });
  t.equal(draft.extra, undefined, 'and nothing else is taken from there');
  t.equal((await draftOf({ 'traffic.utm_source': 'own' }, { headers })).draft.extra, undefined);
  const bare = await leadOf(madePush({ body: { a: '1' } }));
  t.strictSame((await leadOf(madePush({ body: { a: '1' }, headers }))).content, bare.content);
  for (const page of ['no address', 'https://', '//a?utm_source=x']) {
    t.equal((await draftOf({ a: '1', landing_page: page })).draft.traffic?.utm_source, undefined, page);
  }
});

t.test('only the mark of the service makes a captcha unverified', async (t) => {
  const headers = { 'content-type': 'application/json', [CAPTCHA_HEADER]: 'unverified' };
  t.match((await leadOf(madePush({ body: { a: '1' }, headers }))).draft, { extra: { captcha: 'unverified' } });
});

t.test('a name in parts is one name', async (t) => {
  t.equal((await draftOf({ first_name: '三', last_name: '张' })).draft.person?.name, '张三');
  t.equal((await draftOf({ first_name: 'San', last_name: 'Zhang', name: '张三' })).draft.person?.name, '张三');
});

t.test('what has no fields is not mapped', async (t) => {
  for (const value of [null, [], ['a'], 'text', 1, {}, { website: '', form_started_at: '1' }]) {
    t.match(formChannel.split(value, madePush(), setupOf()), { kind: 'unmappable' }, JSON.stringify(value));
  }
});

t.test('nothing throws, whatever is sent', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), fc.string(), async (value, query) => {
      const push = madePush({ query });
      const split = formChannel.split(value, push, setupOf());
      if (split.kind !== 'items') return;
      for (const item of split.items) if (item.kind === 'lead') mapRecord(item.record, [formChannel.fieldMap], {});
    }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'text/plain'),
      async (body, type) => {
        const push = { ...madePush({ headers: { 'content-type': type } }), body };
        await formChannel.decode(push, setupOf(), LIMITS);
      },
    ),
  );
  t.pass();
});

t.test('a form of more values than any page has is not read: anybody can send one', async (t) => {
  const push = madePush({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(Array.from({ length: 12_001 }, (_, i) => `a${i}=%61`).join('&')),
  });
  t.match(await formChannel.decode(push, setupOf(), LIMITS), { kind: 'unreadable' });
  const names = Object.fromEntries(Array.from({ length: 12_001 }, (_, i) => [`a${i}`, 'x']));
  t.match(await formChannel.decode(madePush({ body: names }), setupOf(), LIMITS), { kind: 'unreadable' });
});
