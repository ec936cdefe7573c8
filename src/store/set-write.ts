import {
  bigintColumn,
  booleanColumn,
  byteaColumn,
  integerColumn,
  textColumn,
  timeColumn,
  uuidColumn,
} from './binary-column.ts';
import type { Session, Statement } from './session.ts';

/** A column of a set statement: its name, its kind, and its value in a row. `list` is a text[] of codes without spaces. */
export type Column<Row> =
  | readonly [name: string, kind: 'text', of: (row: Row) => string | null]
  | readonly [name: string, kind: 'code' | 'uuid', of: (row: Row) => string | null]
  | readonly [name: string, kind: 'integer' | 'bigint', of: (row: Row) => number | null]
  | readonly [name: string, kind: 'boolean', of: (row: Row) => boolean]
  | readonly [name: string, kind: 'timestamptz', of: (row: Row) => number | null]
  | readonly [name: string, kind: 'jsonb', of: (row: Row) => unknown]
  | readonly [name: string, kind: 'list', of: (row: Row) => readonly string[]]
  | readonly [name: string, kind: 'bytea', of: (row: Row) => Uint8Array | null];

/** One statement that writes any number of rows: INSERT … SELECT FROM UNNEST, one array per column. */
export interface SetWrite<Row> {
  readonly write: (session: Session, rows: readonly Row[]) => Promise<void>;
}

/**
 * Builds the statement once; `conflict` is what follows the SELECT, `around` what the insert becomes a part of. Nothing is sent
 * for no rows.
 */
export function setWrite<Row>(
  table: string,
  columns: readonly Column<Row>[],
  conflict = '',
  around: (insert: string) => string = (insert) => insert,
): SetWrite<Row> {
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(([, kind], i) => `$${i + 1}::${sqlType(kind)}[]`).join(', ');
  const values = columns.map(([name, kind]) => (kind === 'list' ? `string_to_array(u.${name}, ' ')` : `u.${name}`));
  const statement: Statement = {
    name: `write_${table}`,
    text: around(
      `insert into ${table} (${names}) select ${values.join(', ')} from unnest(${arrays}) u(${names}) ${conflict}`,
    ),
  };
  return {
    write: async (session, rows) => {
      if (rows.length > 0) {
        await session.run(
          statement,
          columns.map((column) => encode(column, rows)),
        );
      }
    },
  };
}

/** `on conflict` that replaces every column but those fixed. */
export function replacing<Row>(columns: readonly Column<Row>[], key: string, fixed: readonly string[]): string {
  const names = columns.map(([name]) => name).filter((name) => !fixed.includes(name));
  return `on conflict (${key}) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}

function sqlType(kind: Column<never>[1]): string {
  return kind === 'list' || kind === 'code' ? 'text' : kind;
}

function encode<Row>(column: Column<Row>, rows: readonly Row[]): Buffer {
  switch (column[1]) {
    case 'text':
    case 'code':
      return textColumn('text', rows.map(column[2]));
    case 'uuid':
      return uuidColumn(rows.map(column[2]));
    case 'integer':
      return integerColumn(rows.map(column[2]));
    case 'bigint':
      return bigintColumn(rows.map(column[2]));
    case 'boolean':
      return booleanColumn(rows.map(column[2]));
    case 'timestamptz':
      return timeColumn(rows.map(column[2]));
    case 'jsonb':
      return textColumn(
        'jsonb',
        rows.map((row) => jsonOf(column[2](row))),
      );
    case 'list':
      return textColumn(
        'text',
        rows.map((row) => column[2](row).join(' ')),
      );
    case 'bytea':
      return byteaColumn(rows.map(column[2]));
  }
}

function jsonOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
