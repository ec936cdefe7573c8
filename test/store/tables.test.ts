import { readFile } from 'node:fs/promises';
import t from 'tap';
import { testDatabase } from '../helpers/database.ts';
import { ROOT } from '../helpers/root.ts';

interface Column {
  readonly type: string; // as the interface writes it, without what makes it optional or nullable
  readonly nullable: boolean;
  readonly optional: boolean; // when a row is inserted
}
type Columns = ReadonlyMap<string, Column>;

/** What may stand in an interface for a column of each type. */
const WRITTEN_AS: Readonly<Record<string, RegExp>> = {
  uuid: /^string$/,
  text: /^(string|('\w+'\s*\|?\s*)+)$/,
  integer: /^number$/,
  smallint: /^number$/,
  bigint: /^number$/,
  'double precision': /^number$/,
  boolean: /^boolean$/,
  bytea: /^Buffer$/,
  'timestamp with time zone': /^Time$/,
  jsonb: /^Json$/,
  'text[]': /^string\[\]$/,
  'uuid[]': /^string\[\]$/,
  xid8: /^string$/,
};

function readColumn(written: string): Column {
  const [, wrapper = '', inner = ''] = /^(\w+)<(.*)>$/.exec(written) ?? [];
  switch (wrapper) {
    case 'OrNull':
      return { type: inner, nullable: true, optional: true };
    case 'JsonOrNull':
      return { type: 'Json', nullable: true, optional: true };
    case 'Json':
      return { type: 'Json', nullable: false, optional: false };
    case 'Default':
    case 'Generated':
      return { type: inner, nullable: false, optional: true };
    case 'ColumnType':
      return { type: 'Json', nullable: false, optional: inner.includes('undefined') };
    default:
      break;
  }
  if (written === 'TimeOrNull') return { type: 'Time', nullable: true, optional: true };
  if (written === 'Texts') return { type: 'string[]', nullable: false, optional: true };
  return { type: written, nullable: false, optional: false };
}

/** The tables that database.ts names, each with the columns that its interface of tables.ts and those beside it writes down. */
async function writtenTables(): Promise<ReadonlyMap<string, Columns>> {
  const read = (file: string) => readFile(new URL(`src/store/${file}`, ROOT), 'utf8');
  const parts = [
    'tables-person.ts',
    'tables-delivery.ts',
    'tables-channels.ts',
    'tables-imports.ts',
    'tables-working.ts',
    'tables-scores.ts',
    'tables.ts',
  ];
  const tables = (await Promise.all(parts.map(read))).join('\n');
  const database = await read('database.ts');
  const interfaces = new Map(
    [...tables.matchAll(/^export interface (\w+) \{\n(.*?)^\}/gms)].map(([, name = '', body = '']) => {
      const columns = [...body.matchAll(/^ {2}(\w+): (.+);$/gm)];
      const lines = body.split('\n').filter((line) => line.trim() !== '');
      if (columns.length !== lines.length) throw new Error(`${name} has a line that is not a column`);
      return [name, new Map(columns.map(([, column = '', type = '']) => [column, readColumn(type)]))] as const;
    }),
  );
  const named = [...database.matchAll(/^ {2}(\w+): T\.(\w+);$/gm)];
  if (named.length !== interfaces.size) throw new Error('database.ts does not name every interface of tables.ts once');
  return new Map(named.map(([, table = '', name = '']) => [table, interfaces.get(name) ?? new Map()]));
}

t.test('the table types say what the migrated schema says', async (t) => {
  const { pool } = await testDatabase(t);
  const { rows } = await pool.query<{
    table: string;
    column: string;
    type: string;
    nullable: boolean;
    defaulted: boolean;
  }>(
    `select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type,
       not a.attnotnull as nullable, a.atthasdef as defaulted
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> 'migration'`, // the migrations' own ledger is no table of the service
  );
  const written = await writtenTables();
  t.ok(rows.length > 200, 'the schema was read');
  t.strictSame([...written.keys()].sort(), [...new Set(rows.map((row) => row.table))].sort());
  for (const [table, columns] of written) {
    const live = rows.filter((row) => row.table === table);
    t.strictSame([...columns.keys()].sort(), live.map((row) => row.column).sort(), `columns of ${table}`);
    for (const row of live) {
      const column = columns.get(row.column);
      if (column === undefined) continue; // told above
      const name = `${table}.${row.column}`;
      if (!WRITTEN_AS[row.type]?.test(column.type)) t.fail(`${name} is ${row.type} and written as ${column.type}`);
      if (column.nullable !== row.nullable) t.fail(`${name} is ${row.nullable ? '' : 'not '}nullable in the schema`);
      const canBeLeftOut = row.nullable || row.defaulted;
      if (column.optional && !canBeLeftOut) t.fail(`${name} has no default, and may be left out by its type`);
    }
  }
});
