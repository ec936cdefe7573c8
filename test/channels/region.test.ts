import fc from 'fast-check';
import t from 'tap';
import { type Region, readRegion } from '../../src/channels/region.ts';

const CASES: readonly (readonly [string, Region | null])[] = [
  ['江苏+镇江', { province: '江苏', city: '镇江' }],
  ['江苏 镇江', { province: '江苏', city: '镇江' }],
  ['江苏-镇江', { province: '江苏', city: '镇江' }],
  ['江苏省镇江市', { province: '江苏省', city: '镇江市' }],
  ['江苏+', { province: '江苏' }],
  ['广东深圳', { province: '广东', city: '深圳' }],
  ['上海', { province: '上海', city: '上海' }],
  ['上海市浦东新区世纪大道1号', { province: '上海市', city: '上海市', district: '浦东新区', street: '世纪大道1号' }],
  ['北京-北京市-朝阳区', { province: '北京', city: '北京市', district: '朝阳区' }],
  ['重庆渝中区', { province: '重庆', city: '重庆', district: '渝中区' }],
  ['内蒙古自治区呼和浩特市', { province: '内蒙古自治区', city: '呼和浩特市' }],
  ['云南省大理白族自治州大理市', { province: '云南省', city: '大理白族自治州', district: '大理市' }],
  ['锡林郭勒盟', { city: '锡林郭勒盟' }],
  ['浙江省杭州市西湖区文三路1号', { province: '浙江省', city: '杭州市', district: '西湖区', street: '文三路1号' }],
  ['浙江省 杭州市西湖区 文三路1号', { province: '浙江省', city: '杭州市', district: '西湖区', street: '文三路1号' }],
  ['黑龙江/哈尔滨/南岗', { province: '黑龙江', city: '哈尔滨', district: '南岗' }],
  ['中国浙江杭州', { province: '浙江', city: '杭州' }],
  ['广东深圳南山区', { province: '广东', district: '深圳南山区' }], // no guess where the city ends
  ['杭州', { city: '杭州' }],
  ['吉林市', { city: '吉林市' }],
  ['河北区', null],
  ['华东', null],
  ['全国', null],
  ['California', null],
  ['', null],
  ['x'.repeat(400), null],
];

t.test('regions as platforms and people write them', async (t) => {
  for (const [text, region] of CASES) t.strictSame(readRegion(text), region, text);
});

t.test(
  'no text is lost but separators and the name of the country, none is made up but the city of a municipality',
  async () => {
    const piece = fc.constantFrom(
      '江苏',
      '江苏省',
      '镇江',
      '镇江市',
      '西湖区',
      '文三路',
      '1号',
      '+',
      ' ',
      '-',
      '上海',
      '市',
      '州',
      'abc',
      '新疆',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        const region = readRegion(text);
        if (region === null) return true;
        const { province = '', city = '', district = '', street = '' } = region;
        const plain = (value: string) => value.replace(/[\s+-]/g, '');
        const parts = plain(province + (city === province ? '' : city) + district + street);
        return plain(text) === parts || plain(text) === plain(province + city + district + street);
      }),
    );
  },
);
