import t from 'tap';
import { findDuplicateKey } from '../../src/http/json-duplicate.ts';

t.test('finds the first key that an object names twice', async (t) => {
  for (const [text, path] of [
    ['{"a":1,"a":2}', '/a'],
    ['{"a":{"b":1},"c":[{"d":1},{"d":1,"e":{"f":1,"f":2}}]}', '/c/1/e/f'],
    ['{"a":"\\"a\\":","b":{"a":1},"\\u0061":2}', '/a'],
    ['{"a":{"a":{"a":1}},"b":["a","a"]}', ''],
    ['[]', ''],
    ['{"a/b":{"~":1,"~":1}}', '/a~1b/~0'],
    ['{"":1,"":2}', '/'],
  ] as const) {
    t.equal(findDuplicateKey(text), path, text);
  }
});
