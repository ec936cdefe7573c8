import fc from 'fast-check';
import t from 'tap';
import { scanJson } from '../../src/domain/json-scan.ts';

function members(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, inner) => sum + members(inner), own);
}

function depth(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depth));
}

t.test('law: counts the keys and the nesting of any JSON', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const scan = scanJson(Buffer.from(JSON.stringify(value, null, indent)));
        return scan.members === members(value) && scan.depth === depth(value);
      }),
    ),
  );
});

t.test('law: never throws, whatever the bytes', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        scanJson(bytes);
      }),
    ),
  );
});

t.test('sees long numbers and escapes, and not those inside strings', async (t) => {
  const scan = (text: string) => scanJson(Buffer.from(text));
  t.equal(scan('{"a":1234567890123456}').longNumber, true);
  t.equal(scan('{"a":-123456789.123456}').longNumber, true);
  t.equal(scan('{"a":123456789012345}').longNumber, false);
  t.equal(scan('{"a":1e5}').longNumber, true);
  t.equal(scan('{"a":"12345678901234567890 1e5"}').longNumber, false);
  t.equal(scan('{"a":"\\u0041"}').escapes, true);
  t.equal(scan('{"a":"\\\\u0041"}').escapes, false);
});
