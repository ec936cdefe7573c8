import t from 'tap';
import type { TObject, TSchema } from 'typebox';
import type { Draft } from '../../../src/domain/submission.ts';
import { LeadBody, toDraft } from '../../../src/http/schemas/lead.ts';
import { createValidators } from '../../../src/http/validators.ts';

// That a checked body is a draft is what `toDraft` says in types; that no field of a draft is missing is said here.
type Group = 'person' | 'traffic' | 'advertiser' | 'product' | 'intent' | 'campaign';
type Missing =
  | Exclude<keyof Draft, keyof LeadBody>
  | { [G in Group]: Exclude<keyof NonNullable<Draft[G]>, keyof NonNullable<LeadBody[G]>> }[Group]
  | Exclude<keyof NonNullable<Draft['consents']>[number], keyof NonNullable<LeadBody['consents']>[number]>;
const complete: [Missing] extends [never] ? true : Missing = true;

const check = createValidators().body(LeadBody);

interface Place {
  readonly path: readonly string[];
  readonly schema: TSchema & {
    readonly description?: string;
    readonly examples?: readonly unknown[];
    readonly type?: unknown;
  };
}

/** Every field of the body, with the way to it. */
function places(schema: TObject, path: readonly string[] = []): readonly Place[] {
  return Object.entries(schema.properties).flatMap(([name, inner]) => {
    const at = [...path, name];
    const here = { path: at, schema: inner as Place['schema'] };
    return 'properties' in inner ? [here, ...places(inner as TObject, at)] : [here];
  });
}

/** A body that holds one value. */
function bodyWith(path: readonly string[], value: unknown): unknown {
  const [name = '', ...rest] = path;
  return { [name]: rest.length === 0 ? value : bodyWith(rest, value) };
}

const FIELDS = places(LeadBody);

t.test('the body and the draft have the same fields', async (t) => {
  t.equal(complete, true);
  t.ok(FIELDS.length > 80, `${FIELDS.length} fields were seen`);
});

t.test('every field is described, and its example is accepted', async (t) => {
  for (const { path, schema } of FIELDS) {
    const name = path.join('.');
    t.match(schema.description, /[a-z]{2}.*\.$/, `${name} is described`);
    if (path[0] !== 'extra')
      t.match(`${name} ${schema.description}`, /\p{Script=Han}|utm/u, `${name} has its Chinese term`);
    const [example] = schema.examples ?? [];
    if (example === undefined || path[1] === 'wecom') continue;
    t.strictSame(check(bodyWith(path, example)), [], `${name} takes its example`);
  }
  t.strictSame(check((LeadBody as { examples?: unknown[] }).examples?.[0]), [], 'the example of the whole');
});

t.test('every field refuses every wrong type, with its own path', async (t) => {
  const wrong = { string: 'x'.repeat(10), number: 1.5, boolean: true, null: null, array: [[]], object: { a: {} } };
  for (const { path, schema } of FIELDS) {
    if (path[1] === 'wecom' && path.length === 3) continue; // its neighbour would be missing
    const types = [schema.type ?? 'any'].flat();
    if (types.includes('any')) continue;
    for (const [type, value] of Object.entries(wrong)) {
      if (types.includes(type) || (path[0] === 'extra' && type === 'object')) continue;
      const found = check(bodyWith(path, value));
      t.ok(
        found.some((fault) => fault.path.startsWith(`/${path.join('/')}`)),
        `${path.join('.')} as ${type}`,
      );
      t.notMatch(JSON.stringify(found), /xxxxx/, 'and never says the value');
    }
  }
});

t.test('every text has a longest length', async (t) => {
  for (const { path, schema } of FIELDS) {
    if (![schema.type].flat().includes('string') || 'enum' in schema || 'pattern' in schema) continue;
    const { maxLength } = schema as { maxLength?: number };
    t.ok(maxLength !== undefined && maxLength <= 4096, `${path.join('.')} ends at ${maxLength}`);
  }
});

t.test('an unknown field is refused everywhere but under extra and traffic.levels', async (t) => {
  for (const path of [[], ['person'], ['traffic'], ['advertiser'], ['product'], ['intent'], ['campaign']]) {
    const found = check(bodyWith([...path, 'surprise'], 1));
    t.match(found, [{ path: `/${[...path, 'surprise'].join('/')}`, code: 'unknown_field' }]);
  }
  t.strictSame(check({ extra: { 车牌: { any: ['thing'] } }, traffic: { levels: { project_name: 'x' } } }), []);
  t.match(check({ consents: [{ purpose: 'contact', granted: true, by: 'x' }] }), [{ path: '/consents/0/by' }]);
});

t.test('whole numbers that are ids become text, everything else stays', async (t) => {
  t.strictSame(
    toDraft({
      external_id: 5,
      person: { phone: 13_800_138_000, name: 'A', wecom: { corp_id: 'w', external_user_id: 7 } },
      traffic: { campaign_id: 101, keyword: 'k', levels: { a: 'b' } },
      advertiser: { id: 1, cost_centre: 2 },
      campaign: { id: 0 },
      product: { quantity: 2, price: 100 },
      intent: { budget: 5 },
      extra: { n: 5 },
    }),
    {
      external_id: '5',
      person: { phone: '13800138000', name: 'A', wecom: { corp_id: 'w', external_user_id: '7' } },
      traffic: { campaign_id: '101', keyword: 'k', levels: { a: 'b' } },
      advertiser: { id: '1', cost_centre: '2' },
      campaign: { id: '0' },
      product: { quantity: 2, price: 100 },
      intent: { budget: 5 },
      extra: { n: 5 },
    },
  );
  const quoted = { external_id: '5', person: { phone: '1' }, product: { quantity: 2 } };
  t.strictSame(toDraft(quoted), quoted);
  t.strictSame(toDraft({ person: { wecom: { corp_id: 1, external_user_id: 'x' } } }), {
    person: { wecom: { corp_id: '1', external_user_id: 'x' } },
  });
});
