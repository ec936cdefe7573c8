import t from 'tap';
import { type ImportMaps, mapsOf } from '../../src/channels/import-maps.ts';
import { IMPORT_PRESETS } from '../../src/channels/import-presets.ts';
import { mapRecord } from '../../src/channels/map-record.ts';

const map = (path: string) => ({ fields: { 'person.phone': { path } } });

function maps(found: ImportMaps) {
  if ('fault' in found) throw new Error(found.fault.detail);
  return found.maps;
}

t.test('the map given, the template, the source, and then the vocabulary', async (t) => {
  const settings = { field_map: map('c'), import_templates: { event: map('b'), meta: map('own') } };
  t.strictSame(maps(mapsOf({}, {})), [{ fields: {}, synonyms: 'all' }]);
  t.strictSame(maps(mapsOf({ field_map: map('a'), template: 'event' }, settings)), [
    map('a'),
    map('b'),
    map('c'),
    { fields: {}, synonyms: 'all' },
  ]);
  t.strictSame(maps(mapsOf({ template: 'meta' }, settings))[0], map('own'), 'a saved one before a preset of that name');
  t.strictSame(maps(mapsOf({ template: 'meta' }, {}))[0], IMPORT_PRESETS.find(({ name }) => name === 'meta')?.map);
});

t.test('the vocabulary reads all headers unless a map says otherwise', async (t) => {
  const drafted = (found: ImportMaps) => mapRecord({ 手机号: '13800138000' }, maps(found), {}).draft;
  t.strictSame(drafted(mapsOf({}, { field_map: map('x') })), { person: { phone: '13800138000' } });
  t.strictSame(drafted(mapsOf({ field_map: { ...map('x'), synonyms: 'none' } }, {})), {
    extra: { 手机号: '13800138000' },
  });
});

t.test('the channel of an import goes before that of a preset', async (t) => {
  const channelOf = (found: ImportMaps) => mapRecord({ 手机号: '13800138000' }, maps(found), {}).draft.channel;
  t.equal(channelOf(mapsOf({ template: 'douyin-laike' }, {})), 'douyin');
  t.equal(channelOf(mapsOf({ template: 'douyin-laike', channel: 'event' }, {})), undefined, 'left to the import');
});

t.test('a template that nobody knows', async (t) => {
  t.strictSame(mapsOf({ template: 'toString' }, { import_templates: { event: map('b') } }), {
    fault: {
      code: 'template_unknown',
      detail: 'There is no template toString.',
      hint: 'There are: event, douyin-laike, xiaohongshu-juguang, meta.',
    },
  });
});

t.test('a map that is none', async (t) => {
  t.match(mapsOf({ field_map: { fields: { 'person.shoe': { path: 'a' } } } }, {}), {
    fault: {
      code: 'field_map_invalid',
      detail: /The field_map cannot be used: the value at \/fields\/person.shoe must be/,
    },
  });
  t.match(mapsOf({ template: 'x' }, { import_templates: { x: { fields: 1 } } as never }), {
    fault: { code: 'field_map_invalid', detail: /The template x cannot be used/ },
  });
  t.match(mapsOf({}, { field_map: {} }), { fault: { code: 'field_map_invalid', detail: /of the source/ } });
});
