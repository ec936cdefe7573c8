import t from 'tap';
import { unescaped } from '../../src/sheets/escaped-text.ts';

t.test('NULs and the mark against formulas go, nothing else', async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['', ''],
    [' a ', ' a '],
    ['1\x0038\0', '138'],
    ["'=1+1", '=1+1'],
    ["'+8613800138000", '+8613800138000'],
    ["'-1", '-1'],
    ["'@a", '@a'],
    ["'\ta", '\ta'],
    ["'\ra", '\ra'],
    ["''=1", "'=1"],
    ["'13800138000", "'13800138000"],
    ["'tis", "'tis"],
    ['="13800138000"', '="13800138000"'],
    ["a'=", "a'="],
    ['\uFEFFa', '\uFEFFa'],
  ];
  for (const [raw, text] of cases) t.equal(unescaped(raw), text, JSON.stringify(raw));
});
