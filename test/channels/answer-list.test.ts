import t from 'tap';
import { answerList, withAnswers } from '../../src/channels/answer-list.ts';

const CASES: readonly (readonly [string, unknown, unknown])[] = [
  [
    'an object by question',
    { 意向: 'SUV', 数量: 2 },
    [
      { label: '意向', value: 'SUV' },
      { label: '数量', value: 2 },
    ],
  ],
  ['JSON text of one', '{"意向":"SUV"}', [{ label: '意向', value: 'SUV' }]],
  ['a list of labels', [{ label: '姓名', value: '张三' }], [{ label: '姓名', value: '张三' }]],
  ['a list of questions as text', '[{"question":"城市","answer":""}]', [{ label: '城市', value: '' }]],
  ['a text that is no JSON', '意向:SUV', null],
  ['a list that is understood by half', [{ label: '姓名', value: '张三' }, { x: 1 }], null],
  ['a list of texts', ['张三'], null],
  ['a number', 7, null],
  ['nothing', undefined, null],
];

for (const [of, value, wanted] of CASES) {
  t.test(`answers of ${of}`, async (t) => {
    t.strictSame(answerList(value), wanted);
  });
}

t.test('what is no list of answers stays as it came', async (t) => {
  const record = { a: '意向:SUV', b: '{"x":1}', c: 3 };
  t.strictSame(withAnswers(record, ['a', 'b', 'missing', 'constructor']), { ...record, b: [{ label: 'x', value: 1 }] });
  t.equal(withAnswers(record, ['a']), record);
});
