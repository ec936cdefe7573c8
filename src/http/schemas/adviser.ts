import { type Static, Type } from 'typebox';
import { momentOrNull, pageAnswer } from './answer-field.ts';
import { active, codeList, entryName, entryQuery, externalRef, filterBy, kept, shifts } from './directory-field.ts';

const MOST_LEAVES = 200;

const cap = (description: string, example: number) =>
  Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    minimum: 0,
    maximum: 1_000_000,
    description: `${description}; null: any number.`,
    examples: [example],
  });

const absence = {
  type: 'array',
  maxItems: MOST_LEAVES,
  description:
    '请假: no lead is given from `from` until `until`; null: until further notice. What they have stays theirs.',
  examples: [[{ from: '2026-10-01T00:00:00+08:00', until: '2026-10-08T00:00:00+08:00' }]],
};

const fields = {
  stores: codeList(200, '门店代码 of the stores that they work for.', 'S1'),
  regions: codeList(200, '大区代码 of the regions whose pool they take from: what no store there can.', 'east'),
  hq: Type.Boolean({ description: '总部: takes what no region can.', examples: [false] }),
  skills: codeList(100, '技能 that a rule of assignment may ask for.', 'fleet'),
  weight: Type.Integer({
    minimum: 1,
    maximum: 100,
    description: '权重: how many turns, where a store picks `weighted`.',
    examples: [1],
  }),
  open_cap: cap('在手上限: open leads at once', 100),
  daily_cap: cap(
    '日上限: leads given in one day of their shifts, else of their first store, also those that are theirs no more',
    20,
  ),
  shifts,
  active,
  external_ref: externalRef,
};

const moment = { type: 'string', minLength: 1, maxLength: 64 };
const given = {
  stores: Type.Optional(fields.stores),
  regions: Type.Optional(fields.regions),
  hq: Type.Optional(fields.hq),
  skills: Type.Optional(fields.skills),
  weight: Type.Optional(fields.weight),
  open_cap: Type.Optional(fields.open_cap),
  daily_cap: Type.Optional(fields.daily_cap),
  shifts: Type.Optional(fields.shifts),
  active: Type.Optional(fields.active),
  external_ref: Type.Optional(fields.external_ref),
  leave: Type.Optional(
    Type.Unsafe<readonly { readonly from: string; readonly until?: string | null }[]>({
      ...absence,
      items: {
        type: 'object',
        required: ['from'],
        properties: { from: moment, until: { ...moment, type: ['string', 'null'] } },
        additionalProperties: false,
      },
    }),
  ),
};
const CLOSED = { additionalProperties: false };

/** A whole adviser: what is left out has its default. */
export const AdviserBody = Type.Object({ name: entryName, ...given }, { ...CLOSED, title: 'AdviserInput' });
export type AdviserBody = Static<typeof AdviserBody>;

/** A change of one: what is left out stays, and what is named is replaced whole. */
export const AdviserChangeBody = Type.Object(
  { name: Type.Optional(entryName), ...given },
  { ...CLOSED, minProperties: 1, title: 'AdviserChange', examples: [{ active: false }] },
);
export type AdviserChangeBody = Static<typeof AdviserChangeBody>;

export const AdviserAnswer = Type.Object(
  {
    code: Type.String({ description: '顾问代码.', examples: ['A1'] }),
    name: entryName,
    ...fields,
    leave: Type.Array(Type.Object({ from: momentOrNull('From.'), until: momentOrNull('Until; null: open.') }), absence),
    ...kept,
  },
  { title: 'Adviser', description: '顾问: whom leads are given to.' },
);
export type AdviserAnswer = Static<typeof AdviserAnswer>;

export const AdviserPageAnswer = pageAnswer(AdviserAnswer, 'AdviserPage');
export const AdvisersQuery = Type.Object({ ...filterBy, ...entryQuery }, CLOSED);
