import { type Static, Type } from 'typebox';
import { pageAnswer } from './answer-field.ts';
import { cities, entryName, entryQuery, externalRef, kept } from './directory-field.ts';

const given = { name: entryName, cities: Type.Optional(cities), external_ref: Type.Optional(externalRef) };
const CLOSED = { additionalProperties: false };

/** A whole region: what is left out is empty. */
export const RegionBody = Type.Object(given, { ...CLOSED, title: 'RegionInput' });
export type RegionBody = Static<typeof RegionBody>;

/** A change of one: what is left out stays. */
export const RegionChangeBody = Type.Object(
  { ...given, name: Type.Optional(entryName) },
  { ...CLOSED, minProperties: 1, title: 'RegionChange' },
);
export type RegionChangeBody = Static<typeof RegionChangeBody>;

export const RegionAnswer = Type.Object(
  {
    code: Type.String({ description: '大区代码.', examples: ['east'] }),
    name: entryName,
    cities,
    external_ref: externalRef,
    ...kept,
  },
  { title: 'Region', description: '大区: takes the leads of its cities that no store there can.' },
);
export type RegionAnswer = Static<typeof RegionAnswer>;

export const RegionPageAnswer = pageAnswer(RegionAnswer, 'RegionPage');
export const RegionsQuery = Type.Object(entryQuery, CLOSED);
