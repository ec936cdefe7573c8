import { Type } from 'typebox';
import { IdParams } from './id-params.ts';

const ID_OR_REF = '^(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|ref:.{1,200})$';

/** The path of a lead or a task: its id, or `ref:` and what another system calls it, which is an id by the time a handler reads it. */
export const NamedParams = Type.Object({
  id: Type.String({
    ...IdParams.properties.id,
    pattern: ID_OR_REF,
    description: 'Its id, or `ref:` and its external_ref (外部编号), percent-encoded.',
  }),
});
