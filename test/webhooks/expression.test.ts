import t from 'tap';
import { checkExpression, EXPRESSION_MAX } from '../../src/webhooks/expression.ts';

t.test('checkExpression', async (t) => {
  t.test('lets through what can be read, whatever it would come to', async (t) => {
    const good = [
      'data.lead.phone',
      '{ "a": [b, 1] }',
      '( $f := function($x) { $f($x) }; $f(1) )',
      '$match(a, /(b+)+$/)',
    ];
    for (const text of good) t.equal(checkExpression(text), null, text);
    t.equal(checkExpression('a'.repeat(EXPRESSION_MAX)), null, 'as long as it may be');
  });

  t.test('says what is wrong', async (t) => {
    const bad: Readonly<Record<string, RegExp>> = {
      '': /end of expression/,
      '{ "a": ': /end of expression/,
      'a ~~ b': /Unknown operator|Syntax error|Unexpected/,
      '"open': /terminated by a matching quote \(at character 5\)/,
      '/(/': /regular expression/i,
    };
    for (const [text, sentence] of Object.entries(bad)) t.match(checkExpression(text), sentence, text);
    t.equal(checkExpression('a'.repeat(EXPRESSION_MAX + 1)), 'an expression has at most 10000 characters');
  });

  t.test('is not brought down by depth', async (t) => {
    for (const text of ['('.repeat(9_000), '['.repeat(EXPRESSION_MAX), `${'-'.repeat(9_999)}1`]) {
      t.match(checkExpression(text), /call stack/, text.slice(0, 3));
    }
  });
});
