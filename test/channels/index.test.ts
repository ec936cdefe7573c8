import t from 'tap';
import { CHANNELS, channelOf } from '../../src/channels/index.ts';

t.test('each kind stands under its own name', async (t) => {
  for (const [kind, channel] of Object.entries(CHANNELS)) {
    t.equal(channel.kind, kind);
    t.match(kind, /^[a-z]+(?:-[a-z]+)*$/);
    t.equal(channelOf(kind), channel);
  }
  t.equal(
    new Set(Object.values(CHANNELS).map(({ title }) => title)).size,
    Object.keys(CHANNELS).length,
    'titles differ',
  );
});

t.test('a name that is no kind is none', async (t) => {
  for (const kind of ['', 'rest', 'constructor', '__proto__', 'toString']) t.equal(channelOf(kind), null);
});

t.test('every setting says what it is', async (t) => {
  for (const { kind, settings, credentials } of Object.values(CHANNELS)) {
    for (const [name, schema] of Object.entries(settings.properties)) {
      t.ok(String(schema['description'] ?? '').length > 10, `${kind}: ${name}`);
    }
    for (const [name, { description }] of Object.entries(credentials))
      t.ok(description.length > 10, `${kind}: ${name}`);
  }
});
