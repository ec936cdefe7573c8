import { type Static, Type } from 'typebox';

/** The path of one thing by its id; what is no UUID names nothing. */
export const IdParams = Type.Object({
  id: Type.String({
    pattern: '^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$',
    description: 'Its id.',
    examples: ['0197a3c2-5d10-7abc-8def-0123456789ab'],
  }),
});
export type IdParams = Static<typeof IdParams>;
