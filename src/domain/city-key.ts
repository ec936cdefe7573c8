const PEOPLES =
  '朝鲜族|土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|蒙古族|蒙古|哈萨克|柯尔克孜';
const PREFECTURE = new RegExp(`(?<=..)(?:${PEOPLES}){0,3}自治州$`);
const CITY = /(?<=..)(?:特别行政区|地区|市|盟)$/; // 沙市 and 津市 are names of two characters that end so: they keep it

/** What a city is compared by: 南京, 南京市 and " 南 京 市" are one; 恩施 is 恩施土家族苗族自治州. Empty where nothing of it is left. */
export function cityKey(city: string): string {
  return city
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}\s]/gu, '')
    .toLowerCase()
    .replace(/^中国(?=..)/, '')
    .replace(PREFECTURE, '')
    .replace(CITY, '');
}
