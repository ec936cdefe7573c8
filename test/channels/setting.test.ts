import t from 'tap';
import type { Setup } from '../../src/channels/channel.ts';
import { isListed, listSetting, numberSetting, textSetting } from '../../src/channels/setting.ts';

const of = (value: unknown): Setup => ({ secrets: [], credentials: {}, settings: { a: value } });

t.test('a setting of another type is as if it were absent', async (t) => {
  t.equal(numberSetting(of(0), 'a', 9), 0);
  for (const value of [undefined, -1, '5', Number.NaN]) t.equal(numberSetting(of(value), 'a', 9), 9);
  t.equal(textSetting(of('x'), 'a', 'y'), 'x');
  for (const value of [undefined, ' ', {}]) t.equal(textSetting(of(value), 'a', 'y'), 'y');
  t.strictSame(listSetting(of(['x', '', 1]), 'a'), ['x', '1']);
  for (const value of [undefined, [], [''], 'x']) t.equal(listSetting(of(value), 'a'), null);
});

t.test('names of a list, with a star for any rest', async (t) => {
  t.ok(isListed(['clue.create'], 'clue.create'));
  t.ok(isListed(['report.x', 'clue.*'], 'clue.create'));
  t.notOk(isListed(['clue.*'], 'clu'));
  t.notOk(isListed(['clue'], 'clue.create'));
});
