import t from 'tap';
import { EVENT_TYPES } from '../../src/domain/event.ts';
import { isEventPattern, likeOf, matchesEvent } from '../../src/domain/event-pattern.ts';
import { testDatabase } from '../helpers/database.ts';

const TYPES = Object.keys(EVENT_TYPES);
const FAMILIES = [...new Set(TYPES.map((type) => `${type.split('.')[0]}.*`))];
const PATTERNS = ['*', ...FAMILIES, ...TYPES];

// What LIKE would take too if an underscore were its wildcard, a family without its dot, and what other services send.
const STRANGERS = [
  ...TYPES.map((type) => type.replaceAll('_', 'x')).filter((type) => !TYPES.includes(type)),
  ...TYPES.map((type) => type.replace('.', '_')),
  'lead',
  'lead.',
  'leads.created',
  'xlead.created',
  'lead.created.twice',
  'Lead.Created',
];

t.test('a pattern names in SQL what it names here, of every type and of what only looks like one', async (t) => {
  const { pool } = await testDatabase(t);
  const types = [...TYPES, ...STRANGERS];
  const { rows } = await pool.query<{ pattern: number; type: string; named: boolean }>(
    `select p.place::integer as pattern, t.type, t.type like p.text as named
      from unnest($1::text[]) with ordinality p(text, place) cross join unnest($2::text[]) t(type)`,
    [PATTERNS.map(likeOf), types],
  );
  t.equal(rows.length, PATTERNS.length * types.length);
  for (const { pattern, type, named } of rows) {
    const text = PATTERNS[pattern - 1] ?? '';
    t.equal(matchesEvent(text, type), named, `${text} and ${type}`);
  }
  const count = (text: string) => rows.filter(({ pattern, named }) => named && PATTERNS[pattern - 1] === text).length;
  t.equal(count('*'), types.length);
  t.ok(FAMILIES.every((family) => count(family) > 0 && count(family) < types.length));
  t.ok(
    TYPES.every((type) => count(type) === 1),
    'a type names itself alone',
  );
});

t.test('known types, known families and everything can be named, and nothing else', async (t) => {
  for (const pattern of PATTERNS) t.ok(isEventPattern(pattern), pattern);
  for (const pattern of [
    '',
    '**',
    'lead',
    'lead.',
    '.*',
    '*.created',
    'lead.cre*',
    'lead.created.*',
    'unknown.*',
    'lead.unknown',
    'LEAD.*',
    'lead.%',
    '%',
    'lead.created ',
    'lead_created',
    'lead.*\n',
  ]) {
    t.notOk(isEventPattern(pattern), JSON.stringify(pattern));
  }
});
