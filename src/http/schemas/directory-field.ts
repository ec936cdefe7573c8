import { type TUnsafe, Type } from 'typebox';
import { type BusinessCalendar, type Hours, WEEKDAYS } from '../../domain/calendar.ts';
import type { Shifts } from '../../domain/directory.ts';
import { pageQuery } from '../query.ts';
import { answeredMoment } from './answer-field.ts';

const CODE = { type: 'string', minLength: 1, maxLength: 64, pattern: '^\\S(.*\\S)?$' };
const SPANS_A_DAY = 10; // a store with more breaks than that is a slip
const SPECIAL_DAYS = 1_000; // some ten years of holidays

/** The code of the path: what leads and other entries name it by; it never changes. */
export const CodeParams = Type.Object({
  code: Type.String({
    description: '代码: 1 to 64 characters, without blanks around them.',
    examples: ['S1'],
  }),
});

export const entryName = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '\\S',
  description: '名称.',
  examples: ['南京一店'],
});

/** One code, or null for none. */
export function codeOrNull(description: string, example: string): TUnsafe<string | null> {
  return Type.Unsafe<string | null>({ ...CODE, type: ['string', 'null'], description, examples: [example] });
}

/** Codes, each once; at most `most`. */
export function codeList(most: number, description: string, example: string): TUnsafe<readonly string[]> {
  return Type.Unsafe<readonly string[]>({
    type: 'array',
    items: CODE,
    maxItems: most,
    uniqueItems: true,
    description,
    examples: [[example]],
  });
}

export const externalRef = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  minLength: 1,
  maxLength: 200,
  description: '外部编号: what another system calls it; no other one has it. Null: none.',
  examples: ['crm-17'],
});

export const cities = Type.Unsafe<readonly string[]>({
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: 64, pattern: '\\S' },
  maxItems: 1_000,
  uniqueItems: true,
  description: '城市 that it covers; 南京 and 南京市 are one.',
  examples: [['南京', '镇江']],
});

export const active = Type.Boolean({ description: '启用: false gets no leads; what it has stays.', examples: [true] });

const HOURS = {
  type: 'array',
  items: { type: 'string', pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' },
  minItems: 2,
  maxItems: 2,
};
const DAY = { type: 'array', items: HOURS, maxItems: SPANS_A_DAY };
const WEEK: Readonly<Record<string, readonly Hours[]>> = { mon: [['09:00', '18:00']], sat: [['20:00', '02:00']] };

const zone = {
  type: 'string',
  minLength: 1,
  maxLength: 64,
  description: '时区: IANA name of the wall clock that the hours are of.',
  examples: ['Asia/Shanghai'],
};
const weekly = {
  type: 'object',
  properties: Object.fromEntries(WEEKDAYS.map((day) => [day, DAY])),
  additionalProperties: false,
  description:
    'Spans of each weekday, `[from, until]` as `HH:MM`; `24:00` ends the day, an end at or before its begin is of the day after, and a day left out is closed. Spans do not overlap.',
  examples: [WEEK],
};

export const calendar = Type.Unsafe<BusinessCalendar>({
  type: 'object',
  required: ['zone', 'weekly'],
  properties: {
    zone,
    weekly,
    special: {
      type: 'object',
      patternProperties: { '^\\d{4}-\\d{2}-\\d{2}$': DAY },
      additionalProperties: false,
      maxProperties: SPECIAL_DAYS,
      description: '特殊日: hours of a date instead of those of the week; none: closed.',
      examples: [{ '2026-10-01': [], '2026-10-10': [['09:00', '12:00']] }],
    },
  },
  additionalProperties: false,
  description: '营业日历: when deadlines run. Every day from 09:00 to 18:00 in Shanghai where it is left out.',
  examples: [{ zone: 'Asia/Shanghai', weekly: WEEK, special: { '2026-10-01': [] } }],
});

export const shifts = Type.Unsafe<Shifts | null>({
  type: ['object', 'null'],
  required: ['zone', 'weekly'],
  properties: { zone, weekly },
  additionalProperties: false,
  description: '班次: the hours in which new leads are given; null: at any time.',
  examples: [{ zone: 'Asia/Shanghai', weekly: WEEK }],
});

/** What every answer of the directory ends with. */
export const kept = {
  version: Type.Integer({ description: '版本; also the ETag, for If-Match.', examples: [1] }),
  created_at: answeredMoment('创建时间.'),
  updated_at: answeredMoment('修改时间.'),
};

/** What every list of the directory can be asked for. */
export const entryQuery = {
  external_ref: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: '外部编号.' })),
  ...pageQuery,
};

/** A query for a code or for those that are active. */
export const filterBy = {
  store: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: '门店代码.', examples: ['S1'] })),
  region: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: '大区代码.', examples: ['east'] })),
  active: Type.Optional(Type.Boolean({ description: '启用.', examples: [true] })),
};
