import t from 'tap';
import { type AbsentKind, isAbsent } from '../../src/channels/absent.ts';

const NOTHING = new Set<string>();
const EVERYWHERE = [
  '',
  ' ',
  '-',
  '--',
  '—',
  '－',
  '无',
  'null',
  'NULL',
  'nan',
  'NaN',
  'N/A',
  'none',
  'undefined',
  '\\N',
  '未填写',
];
const BY_KIND: readonly (readonly [string, readonly AbsentKind[]])[] = [
  ['0', ['id']],
  ['-1', ['id']],
  ['__CAMPAIGN_ID__', ['id']],
  ['{{campaign.id}}', ['id']],
  ['未命名', ['name']],
  ['匿名用户', ['name']],
  ['张三', []],
  ['1', []],
  ['x'.repeat(100), []],
];

t.test('texts that mean no value', async (t) => {
  for (const text of EVERYWHERE) {
    for (const kind of ['plain', 'name', 'id'] as const) t.ok(isAbsent(text, kind, NOTHING), `${kind}: ${text}`);
  }
});

t.test('texts that mean no value for some fields', async (t) => {
  for (const [text, kinds] of BY_KIND) {
    for (const kind of ['plain', 'name', 'id'] as const)
      t.equal(isAbsent(text, kind, NOTHING), kinds.includes(kind), `${kind}: ${text}`);
  }
});

t.test('texts that a map names besides, in any case', async (t) => {
  t.ok(isAbsent('TBD', 'plain', new Set(['tbd'])));
  t.ok(isAbsent('y'.repeat(90), 'plain', new Set(['y'.repeat(90)])));
});
