import { type Static, Type } from 'typebox';
import { PICKS } from '../../domain/directory.ts';
import { codeOf, pageAnswer } from './answer-field.ts';
import {
  active,
  calendar,
  cities,
  codeOrNull,
  entryName,
  entryQuery,
  externalRef,
  filterBy,
  kept,
} from './directory-field.ts';

const fields = {
  region: codeOrNull('大区代码 of the region that takes what it cannot; null: HQ does.', 'east'),
  cities,
  calendar,
  pick: codeOf(PICKS, '分配方式: in turn, in turn by weight, or to whom has the fewest open leads.'),
  manager: codeOrNull('店长: the code of an adviser, who is told of what is long overdue; null: nobody.', 'A9'),
  active,
  external_ref: externalRef,
};
const given = {
  region: Type.Optional(fields.region),
  cities: Type.Optional(fields.cities),
  calendar: Type.Optional(fields.calendar),
  pick: Type.Optional(fields.pick),
  manager: Type.Optional(fields.manager),
  active: Type.Optional(fields.active),
  external_ref: Type.Optional(fields.external_ref),
};
const CLOSED = { additionalProperties: false };

/** A whole store: what is left out has its default. */
export const StoreBody = Type.Object({ name: entryName, ...given }, { ...CLOSED, title: 'StoreInput' });
export type StoreBody = Static<typeof StoreBody>;

/** A change of one: what is left out stays, and what is named is replaced whole. */
export const StoreChangeBody = Type.Object(
  { name: Type.Optional(entryName), ...given },
  { ...CLOSED, minProperties: 1, title: 'StoreChange', examples: [{ active: false }] },
);
export type StoreChangeBody = Static<typeof StoreChangeBody>;

export const StoreAnswer = Type.Object(
  { code: Type.String({ description: '门店代码.', examples: ['S1'] }), name: entryName, ...fields, ...kept },
  { title: 'Store', description: '门店: where leads are followed up, in its hours.' },
);
export type StoreAnswer = Static<typeof StoreAnswer>;

export const StorePageAnswer = pageAnswer(StoreAnswer, 'StorePage');
export const StoresQuery = Type.Object({ region: filterBy.region, active: filterBy.active, ...entryQuery }, CLOSED);
