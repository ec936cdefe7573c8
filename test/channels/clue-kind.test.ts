import t from 'tap';
import { clueKind } from '../../src/channels/clue-kind.ts';
import { lifeKind } from '../../src/channels/life-kind.ts';

t.test('types of 巨量引擎 as number or text; others say nothing', async (t) => {
  t.strictSame(['0', 1, '2', 3, 4, '5'].map(clueKind), ['form', 'consult', 'call', 'call', 'form', 'form']);
  for (const type of ['6', -1, '', null, undefined, 'constructor', {}]) t.equal(clueKind(type), null);
});

t.test('types of 抖音生活服务; others say nothing', async (t) => {
  const types = ['FORM', 'CONSULT', 'SMARTPHONE', 'GROUP_BUYING', 'ENT_WECHAT'];
  t.strictSame(types.map(lifeKind), ['form', 'consult', 'call', 'order', 'consult']);
  for (const type of ['form', 0, null, 'toString']) t.equal(lifeKind(type), null);
});
