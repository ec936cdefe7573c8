import t from 'tap';
import type { TObject } from 'typebox';
import { CANONICAL_FIELDS } from '../../src/channels/canonical-field.ts';
import { FIELD_KINDS } from '../../src/channels/field-kind.ts';
import { LeadBody } from '../../src/http/schemas/lead.ts';

interface Schema {
  readonly type?: unknown;
  readonly maxLength?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
}

/** The schema of a field, by its path in the canonical body. */
function schemaOf(field: string): Schema {
  let at: unknown = LeadBody;
  for (const name of field.split('.')) at = (at as TObject).properties[name];
  return at as Schema;
}

t.test('kinds and limits are those of the canonical body', async (t) => {
  for (const field of CANONICAL_FIELDS) {
    if (field === 'region') continue; // a reading of three fields, with no field of its own
    const kind = FIELD_KINDS[field];
    const schema = schemaOf(field);
    t.ok(schema, field);
    if (kind.kind === 'text') t.equal(schema.maxLength, kind.most, field);
    if (kind.kind === 'choice') t.strictSame(schema.enum, kind.of, field);
    if (kind.kind === 'number') t.equal(schema.maximum, kind.most, field);
    if (kind.kind === 'moment') t.equal(schema.maxLength, 64, field);
    if (kind.kind === 'amount') t.equal(schema.type, 'integer', field);
    if (kind.kind === 'flag') t.equal(schema.type, 'boolean', field);
    if (kind.kind === 'tags') t.equal(schema.type, 'array', field);
  }
});
