import * as fc from 'fast-check';
import type { Test } from 'tap';
import type { Channel, Push, Setup, Split } from '../../src/channels/channel.ts';
import { changedAt, jsonOf, nested, places, textOf, withBody } from './mutations.ts';
import { type Sample, setupOf, signedWith, unsignedPush } from './samples.ts';
import { walk, walkValue } from './walk.ts';

const MOST_REMOVALS = 400; // places of one body; samples have some tens
const RUNS = 60; // of chance, for each sample
/** A source that nothing is known of. */
export const BARE: Setup = { secrets: [], credentials: {}, settings: {} };

/** Each member of the body, and of what it holds decoded, taken away: still items or a clear no, never a throw. */
export async function standsLess(t: Test, channel: Channel, sample: Sample): Promise<void> {
  const setup = setupOf(sample);
  const push = unsignedPush(sample);
  const body = jsonOf(push);
  const unclear: string[] = [];
  for (const place of places(body).slice(0, MOST_REMOVALS)) {
    const less = withBody(
      push,
      changedAt(body, place, () => undefined),
    );
    const { decoded, split } = await walk(channel, signedWith(sample, less, setup), setup);
    if (decoded.kind === 'unreadable' ? decoded.detail === '' : !isClear(split)) unclear.push(place.join('.'));
  }
  const { decoded } = await walk(channel, signedWith(sample, push, setup), setup);
  const value = decoded.kind === 'decoded' ? decoded.value : undefined;
  for (const place of places(value).slice(0, MOST_REMOVALS)) {
    for (const instead of [undefined, null, '', 0, [], {}, [null], { a: { b: 1 } }]) {
      const other = changedAt(value, place, () => instead);
      if (!isClear(walkValue(channel, other, push, setup).split))
        unclear.push(`${place.join('.')}: ${JSON.stringify(instead)}`);
    }
  }
  t.strictSame(unclear, [], 'with any member missing or another');
}

function isClear(split: Split | null): boolean {
  return split?.kind === 'items' ? split.items.length > 0 : (split?.detail ?? '') !== '';
}

/** No bytes make a channel throw. */
export async function standsHostile(t: Test, channel: Channel, all: readonly Sample[]): Promise<void> {
  const pushes = all.filter(({ expect }) => expect.kind !== 'handshake');
  for (const sample of pushes.slice(0, 1)) {
    const push = unsignedPush(sample);
    const setup = setupOf(sample);
    const wide = `{"a":[${'0,'.repeat(100_000)}0]}`;
    for (const body of [
      nested(1_000),
      wide,
      `[${wide}]`,
      '',
      'null',
      '[]',
      '{}',
      '"text"',
      '0',
      '<a/>',
      '\u0000',
      '{"__proto__":{"a":1}}',
    ]) {
      const { decoded, split } = await walk(channel, signedWith(sample, withBody(push, body), setup), setup);
      const outcome = decoded.kind === 'unreadable' ? 'unreadable' : (split?.kind ?? 'nothing');
      if (body.length > 500)
        t.ok(['unreadable', 'unmappable'].includes(outcome), `${body.slice(0, 12)}… is ${outcome}`);
    }
    t.equal(({} as Record<string, unknown>)['a'], undefined, 'no prototype is touched');
  }
  for (const sample of all) await standsChance(channel, sample);
  t.pass('whatever comes');
}

async function standsChance(channel: Channel, sample: Sample): Promise<void> {
  const push = unsignedPush(sample);
  const setup = setupOf(sample);
  const whole = signedWith(sample, push, setup);
  const { decoded } = await walk(channel, whole, setup);
  const value = decoded.kind === 'decoded' ? decoded.value : null;
  const bodies = hostileBodies(push);
  const query = fc.oneof(fc.constant(push.query), fc.string({ unit: 'binary', maxLength: 60 }));
  await fc.assert(
    fc.asyncProperty(
      fc.record({ body: bodies, query }),
      fc.boolean(),
      mutated(value),
      async (change, signed, other) => {
        const changed = { ...push, ...change };
        await walk(channel, signed ? signedWith(sample, changed, setup) : changed, setup);
        await walk(channel, { ...changed, method: push.method === 'GET' ? 'POST' : 'GET', headers: {} }, BARE);
        walkValue(channel, other, whole, setup);
      },
    ),
    { numRuns: RUNS },
  );
}

/** Bytes of any kind, any JSON, the body of a push with a part cut out or replaced, and with another value at one of its places. */
export function hostileBodies(push: Push): fc.Arbitrary<Buffer> {
  const cut = fc
    .tuple(fc.nat(push.body.length), fc.nat(push.body.length), fc.string({ unit: 'binary', maxLength: 8 }))
    .map(([from, to, junk]) => textOf(push).slice(0, from) + junk + textOf(push).slice(to));
  return fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .oneof(
        fc.json({ maxDepth: 4 }),
        cut,
        mutated(jsonOf(push)).map((body) => JSON.stringify(body) ?? ''),
      )
      .map((text) => Buffer.from(text)),
  );
}

/** A value with something else at one of its places. */
function mutated(value: unknown): fc.Arbitrary<unknown> {
  const spots = places(value);
  const spot = fc.nat(Math.max(0, spots.length - 1));
  return fc
    .tuple(spot, fc.jsonValue({ maxDepth: 3 }))
    .map(([i, other]) => changedAt(value, spots[i] ?? [], () => other));
}
