import t from 'tap';
import { DEFAULT_CALENDAR } from '../../src/domain/calendar.ts';
import { cityKey } from '../../src/domain/city-key.ts';
import { type Directory, EMPTY_DIRECTORY, type Region, type Store } from '../../src/domain/directory.ts';
import { territoryOf } from '../../src/domain/territory.ts';

t.test('a city is one however it is written', async (t) => {
  for (const [written, key] of [
    ['南京', '南京'],
    ['南京市', '南京'],
    [' 南 京\u200b市 ', '南京'],
    ['中国南京市', '南京'],
    ['恩施土家族苗族自治州', '恩施'],
    ['恩施', '恩施'],
    ['巴音郭楞蒙古自治州', '巴音郭楞'],
    ['海西蒙古族藏族自治州', '海西'],
    ['锡林郭勒盟', '锡林郭勒'],
    ['大兴安岭地区', '大兴安岭'],
    ['香港特别行政区', '香港'],
    ['沙市', '沙市'],
    ['津市市', '津市'],
    ['津市', '津市'],
    ['Hong Kong', 'hongkong'],
    ['ＨＯＮＧ kong', 'hongkong'],
    ['', ''],
  ] as const) {
    t.equal(cityKey(written), key, written);
  }
});

const region = (code: string, cities: readonly string[]): Region => ({
  code,
  name: code,
  cities,
  externalRef: null,
  version: 1,
});
const store = (code: string, cities: readonly string[], more: Partial<Store> = {}): Store => ({
  code,
  name: code,
  region: null,
  cities,
  calendar: DEFAULT_CALENDAR,
  pick: 'round_robin',
  manager: null,
  active: true,
  externalRef: null,
  version: 1,
  ...more,
});
const directory = (regions: readonly Region[], stores: readonly Store[]): Directory => ({
  ...EMPTY_DIRECTORY,
  regions: new Map(regions.map((it) => [it.code, it])),
  stores: new Map(stores.map((it) => [it.code, it])),
});
const fall = (of: Directory, city: string | null) => {
  const { stores, region } = territoryOf(of, city);
  return [stores.map(({ code }) => code).join(','), region?.code ?? null];
};

t.test('stores that cover a city, else its region, else nobody', async (t) => {
  const east = directory(
    [region('north', ['徐州']), region('east', ['南京市', '苏州', '徐州'])],
    [
      store('S3', ['南京', '南京市']),
      store('S2', ['南京市'], { region: 'east' }),
      store('S4', ['苏州'], { active: false }),
      store('S5', ['常州'], { region: 'east', active: false }),
    ],
  );
  t.strictSame(fall(east, '南京'), ['S2,S3', 'east'], 'by code, each once');
  t.strictSame(fall(east, '南京市'), ['S2,S3', 'east']);
  t.strictSame(fall(east, '苏州市'), ['', 'east'], 'its store is not active');
  t.strictSame(fall(east, '徐州'), ['', 'east'], 'of two regions the first by code');
  t.strictSame(fall(east, '常州'), ['', 'east'], 'no region names it: that of its store');
  t.strictSame(fall(east, '北京'), ['', null]);
  t.strictSame(fall(east, null), ['', null]);
  t.strictSame(fall(east, '__proto__'), ['', null]);
  t.strictSame(fall(EMPTY_DIRECTORY, '南京'), ['', null]);
  t.strictSame(
    fall(directory([], [store('S1', ['南京'])]), '南京'),
    ['S1', null],
    'another directory is another answer',
  );
});
