import t from 'tap';
import { without } from '../../src/channels/without.ts';

t.test('the other members stay, a __proto__ of JSON among them', async (t) => {
  const record = JSON.parse('{"a":1,"b":2,"__proto__":{"x":1}}') as Record<string, unknown>;
  const rest = without(record, ['a']);
  t.strictSame(Object.keys(rest), ['b', '__proto__']);
  t.equal(rest['x'], undefined);
});
