import type { ColumnType, JSONColumnType } from 'kysely';

/** A timestamptz column: read as epoch milliseconds, written as a Date. */
export type Time = ColumnType<number, Date, Date>;
/** A nullable timestamptz column. */
export type TimeOrNull = ColumnType<number | null, Date | null | undefined, Date | null>;
export type Json<T extends object> = JSONColumnType<T, string, string>;
export type JsonOrNull<T extends object> = ColumnType<T | null, string | null | undefined, string | null>;
export type Default<T> = ColumnType<T, T | undefined, T>;
export type OrNull<T> = ColumnType<T | null, T | null | undefined, T | null>;
export type Texts = ColumnType<string[], readonly string[] | undefined, readonly string[]>;
