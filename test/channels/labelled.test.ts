import t from 'tap';
import { labelled, readLists } from '../../src/channels/labelled.ts';
import { leftOf, noMarks } from '../../src/channels/marks.ts';

const LIST = { path: 'list', label: 'field.title', value: 'values', type: 'field.type' };

t.test('a list of answers', async (t) => {
  const marks = noMarks();
  const record = {
    list: [{ field: { title: '姓 名：', type: 'FULL_NAME', id: 1 }, values: ['张三'] }, { values: ['x'] }, 'y', null],
  };
  t.strictSame(readLists(record, [LIST, LIST], marks), [labelled('姓 名：', 'FULL_NAME', ['张三'])], 'read once');
  t.strictSame(labelled('姓 名：', 'FULL_NAME', 1), { label: '姓 名：', type: 'fullname', name: '姓名', value: 1 });
  t.strictSame(leftOf(record, marks), { list: [{ field: { id: 1 } }, { values: ['x'] }, 'y'] }, 'the rest is left');
});

t.test('an object by its keys, and as a list of its members', async (t) => {
  const record = { list: { 意向车型: 'SUV', q1: { field: { title: '姓名' }, values: '张三' } } };
  t.strictSame(readLists(record, [LIST], noMarks()), [
    labelled('意向车型', null, 'SUV'),
    labelled('姓名', null, '张三'),
  ]);
});

t.test('several lists', async (t) => {
  const record = { pages: [{ list: [{ l: 'a', v: 1 }] }, { list: [{ l: 'b', v: 2 }] }] };
  const list = { path: 'pages[*].list', label: 'l', value: 'v' };
  t.strictSame(readLists(record, [list], noMarks()), [labelled('a', null, 1), labelled('b', null, 2)]);
});

t.test('one list of several that there could be', async (t) => {
  const list = { path: 'pages[*].list', label: 'l', value: 'v' };
  t.strictSame(readLists({ pages: [{ list: [{ l: 'a', v: 1 }] }] }, [list], noMarks()), [labelled('a', null, 1)]);
});

t.test('anything else is no list', async (t) => {
  for (const list of [null, 1, 'x', undefined]) t.strictSame(readLists({ list }, [LIST], noMarks()), []);
});
