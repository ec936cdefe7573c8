import t, { type Test } from 'tap';
import type { Channel, Item, Push, Reply, Setup } from '../../src/channels/channel.ts';
import { CHANNELS } from '../../src/channels/index.ts';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { BARE, standsHostile, standsLess } from './hostile.ts';
import { byteChanged, idReplaced, idRewritten, jsonOf, textOf, withBody } from './mutations.ts';
import {
  type ExpectedItem,
  type ExpectedReply,
  type Sample,
  samples,
  setupOf,
  signedWith,
  unsignedPush,
} from './samples.ts';
import { SIGNS_BODY } from './signing.ts';
import { CLASSES, differences, draftOf, leadsOf, walk } from './walk.ts';

const LONG_ID = '7400000000000000199'; // beyond 2^53, and no double
const OTHER_SECRET = 'whsec_b3RoZXJfc2VjcmV0XzI0X2J5dGVzX3h4eA=='; // a key in every way that secrets are written
// Members at the top of a JSON body that are of the message and not of the lead, on every platform that has them.
const DELIVERY_WORDS = ['google_key', 'event_id', 'notificationId', 'nonce', 'log_id', 'message_id'] as const;

for (const [kind, channel] of Object.entries(CHANNELS)) {
  t.test(kind, async (t) => {
    const all = samples(kind);
    t.equal(channel.kind, kind);
    const whole = all.filter(({ expect }) => expect.items?.some((item) => item.kind === 'lead'));
    t.ok(whole.length > 0, 'has a sample that gives a lead');
    if (channel.secret !== 'none') {
      t.ok(
        all.some(({ sign }) => sign !== undefined && sign.family !== 'none'),
        'has a sample that is signed',
      );
    }
    for (const as of ['accepted', 'unavailable'] as const) {
      t.ok(
        all.some(({ expect }) => expect.ack?.[as] !== undefined),
        `has a sample that says what ${as} is answered`,
      );
    }
    answersEveryClass(t, channel, all);
    for (const sample of all) {
      await t.test(`${sample.file}: ${sample.about}`, async (t) => {
        await cameAsExpected(t, channel, sample);
        if (sample.expect.kind === 'handshake') return;
        await proves(t, channel, sample);
        await standsLess(t, channel, sample);
        await standsMore(t, channel, sample);
        await readsIdsBothWays(t, channel, sample);
        await sameContent(t, channel, sample);
        await splitsApart(t, channel, sample);
      });
    }
    await t.test('stands hostile bodies', (t) => standsHostile(t, channel, all));
  });
}

t.test('no sample is of an unknown kind', async (t) => {
  t.strictSame(
    [...new Set(samples().map(({ channel }) => channel))].filter((kind) => !(kind in CHANNELS)),
    [],
  );
});

/** The sample as its platform sends it, and what it says that it comes to. */
async function cameAsExpected(t: Test, channel: Channel, sample: Sample): Promise<void> {
  const { expect } = sample;
  const setup = setupOf(sample);
  const push = signedWith(sample, unsignedPush(sample), setup);
  const handshake = channel.handshake(push, setup);
  for (const [as, reply] of Object.entries(expect.ack ?? {})) {
    replied(t, channel.acknowledge(as as (typeof CLASSES)[number], setup), reply, as);
  }
  if (expect.kind === 'handshake') {
    t.ok(handshake, 'is taken for a handshake');
    if (handshake === null || expect.reply === undefined) return;
    replied(t, handshake.reply, expect.reply, 'handshake');
    t.equal(handshake.passed, expect.reply.status < 300, 'and passed or not');
    return;
  }
  t.equal(handshake, null, 'is no handshake');
  t.strictSame(channel.authenticate(push, setup), { kind: 'authentic' });
  const { decoded, split } = await walk(channel, push, setup);
  t.equal(decoded.kind, expect.kind === 'unreadable' ? 'unreadable' : 'decoded');
  if (expect.kind === 'unreadable') return;
  t.equal(split?.kind, expect.kind);
  if (split?.kind !== 'items') return;
  const wanted = expect.items ?? [];
  t.equal(split.items.length, wanted.length, 'so many items');
  split.items.forEach((item, i) => {
    t.strictSame(itemDifferences(channel, wanted[i], item), [], `item ${i}`);
  });
}

function itemDifferences(channel: Channel, wanted: ExpectedItem | undefined, item: Item): readonly string[] {
  if (wanted === undefined) return ['not expected'];
  const { draft, reference, ...plain } = wanted;
  if (item.kind !== 'lead') return differences(plain, item);
  return [
    ...differences(plain, item),
    ...(draft === undefined ? [] : differences(draft, draftOf(channel, item), 'draft')),
    ...(reference === undefined ? [] : differences(reference, item.reference, 'reference')),
  ];
}

function replied(t: Test, reply: Reply, wanted: ExpectedReply, of: string): void {
  t.equal(reply.status, wanted.status, `${of}: status`);
  if (wanted.body === undefined) return;
  if (typeof wanted.body === 'string') t.equal(reply.body, wanted.body, `${of}: body`);
  else t.strictSame(JSON.parse(reply.body), wanted.body, `${of}: body`);
}

/** Whoever does not know the secret is refused, where one is needed. */
async function proves(t: Test, channel: Channel, sample: Sample): Promise<void> {
  const family = sample.sign?.family ?? 'none';
  const setup = setupOf(sample);
  const push = unsignedPush(sample);
  if (channel.secret === 'required') {
    for (const secrets of [[], ['']]) {
      const keyless: Setup = { ...setup, secrets, credentials: channel.credentials['token'] ? {} : setup.credentials };
      t.equal(channel.authenticate(signedWith(sample, push, setup), keyless).kind, 'refused', 'no secret, no entry');
      t.equal(
        channel.authenticate(signedWith(sample, push, keyless), keyless).kind,
        'refused',
        'an empty key opens nothing',
      );
    }
  }
  if (family === 'none') return;
  const wrong = signedWith(sample, push, { ...setup, secrets: [OTHER_SECRET] });
  t.equal(channel.authenticate(wrong, setup).kind, 'refused', 'a wrong signature');
  const none = family === 'key' ? signedWith(sample, push, { ...setup, secrets: [''] }) : push;
  t.equal(channel.authenticate(none, setup).kind, 'refused', 'a missing signature');
  const rotated = { ...setup, secrets: [OTHER_SECRET, ...setup.secrets] };
  t.equal(channel.authenticate(signedWith(sample, push, setup), rotated).kind, 'authentic', 'the older of two secrets');
  if (!SIGNS_BODY.has(family) || push.body.length === 0) return;
  const signed = signedWith(sample, push, setup);
  for (const at of [0, push.body.length >> 1, push.body.length - 1]) {
    t.equal(channel.authenticate(byteChanged(signed, at), setup).kind, 'refused', `byte ${at} of the body changed`);
  }
}

/** Members that nobody knows change nothing but what is kept beside the draft. */
async function standsMore(t: Test, channel: Channel, sample: Sample): Promise<void> {
  const setup = setupOf(sample);
  const push = unsignedPush(sample);
  const body = jsonOf(push);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
  const before = await walk(channel, signedWith(sample, push, setup), setup);
  const more = withBody(push, {
    ...body,
    zz_unknown_text: 'x',
    zz_unknown_list: [1, { a: null }],
    zz_unknown: { b: [] },
  });
  const after = await walk(channel, signedWith(sample, more, setup), setup);
  const bare = (drafts: typeof before.drafts) => drafts.map(({ extra, ...draft }) => draft);
  t.strictSame(bare(after.drafts), bare(before.drafts), 'with unknown members');
  t.strictSame(ids(after.split), ids(before.split), 'and the same ids');
}

/** An id is the same as a number of many digits and as a text: the sample's own, and in its place one of 19 digits. */
async function readsIdsBothWays(t: Test, channel: Channel, sample: Sample): Promise<void> {
  const setup = setupOf(sample);
  const push = unsignedPush(sample);
  if (jsonOf(push) === undefined) return;
  const before = await walk(channel, signedWith(sample, push, setup), setup);
  for (const { externalId } of leadsOf(before.split)) {
    const own = externalId?.replace(/^im:/, '') ?? ''; // 小红书 counts 私信 apart
    if (own.length < 6) continue;
    const long = idReplaced(textOf(push), own, LONG_ID);
    for (const [text, id] of [[textOf(push), own] as const, ...(long === null ? [] : [[long, LONG_ID] as const])]) {
      const other = /^[1-9]\d{5,18}$/.test(id) ? idRewritten(text, id) : null;
      if (other === null) continue;
      const one = await walk(channel, signedWith(sample, withBody(push, text), setup), setup);
      const two = await walk(channel, signedWith(sample, withBody(push, other), setup), setup);
      t.ok(JSON.stringify(ids(one.split)).includes(id), `${id} is the id`);
      t.strictSame(ids(two.split), ids(one.split), `${id} written the other way`);
    }
  }
}

/** The replay fingerprint does not see when and by which message a push came. */
async function sameContent(t: Test, channel: Channel, sample: Sample): Promise<void> {
  const setup = setupOf(sample);
  const push = unsignedPush(sample);
  const first = await walk(channel, signedWith(sample, push, setup), setup);
  const later: Push = { ...push, receivedAt: push.receivedAt + 60_000 };
  const rotated: Setup = { ...setup, secrets: [OTHER_SECRET, ...setup.secrets] };
  const again = await walk(channel, signedWith(sample, later, rotated), rotated);
  t.strictSame(contents(again.split), contents(first.split), 'a minute later, with another key');
  const fingerprint = canonicalJson(contents(first.split));
  for (const secret of setup.secrets) {
    t.notOk(secret !== '' && fingerprint.includes(secret), 'holds no secret');
    t.notOk(
      secret !== '' && canonicalJson(leadsOf(first.split).map(({ record }) => record)).includes(secret),
      'nor does the record',
    );
  }
  for (const name of DELIVERY_WORDS) {
    const body = changedText(textOf(push), name);
    if (body === null) continue;
    const other = await walk(channel, signedWith(sample, withBody(push, body), setup), setup);
    t.strictSame(contents(other.split), contents(first.split), `with another ${name}`);
  }
}

function changedText(text: string, name: string): string | null {
  const body = jsonOf({ body: Buffer.from(text) } as unknown as Push);
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !Object.hasOwn(body, name)) return null;
  return JSON.stringify({ ...body, [name]: 'other-demo' });
}

/** What is kept as the body of one lead of several splits into that lead alone. */
async function splitsApart(t: Test, channel: Channel, sample: Sample): Promise<void> {
  const setup = setupOf(sample);
  const push = signedWith(sample, unsignedPush(sample), setup);
  const { split } = await walk(channel, push, setup);
  for (const lead of leadsOf(split)) {
    const alone = channel.split(lead.alone, push, setup);
    const [only, ...others] = leadsOf(alone);
    t.equal(others.length, 0, 'one item only');
    t.strictSame(only?.content, lead.content, 'the same content');
    t.strictSame(only?.record, lead.record, 'the same record');
    t.strictSame(only?.externalId, lead.externalId, 'the same id');
  }
}

/** Every class has an answer that neither loses a lead nor turns the hook off. */
function answersEveryClass(t: Test, channel: Channel, all: readonly Sample[]): void {
  for (const setup of [BARE, ...all.map(setupOf)]) {
    for (const as of CLASSES) {
      const { status, contentType, body } = channel.acknowledge(as, setup);
      t.ok(Number.isInteger(status) && status >= 200 && status < 600, `${as}: ${status}`);
      t.notOk(status === 404 || status === 410, `${as} does not turn the hook off`);
      t.equal(contentType === null, body === '', `${as}: a type where there is a body`);
      if (as === 'accepted') t.ok(status < 300, 'accepted is a success');
      if (as === 'unavailable') {
        const other = body !== channel.acknowledge('accepted', setup).body;
        t.ok(status >= 300 || other, 'unavailable is told from accepted');
      }
    }
  }
}

function ids(split: Parameters<typeof leadsOf>[0]): readonly (readonly (string | null)[])[] {
  return leadsOf(split).map(({ externalId, deliveryId }) => [externalId, deliveryId]);
}

function contents(split: Parameters<typeof leadsOf>[0]): readonly unknown[] {
  return leadsOf(split).map(({ content }) => content);
}
