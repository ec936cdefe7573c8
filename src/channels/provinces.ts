const SHORT =
  '北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门';
const AUTONOMOUS =
  '内蒙古自治区 广西壮族自治区 西藏自治区 宁夏回族自治区 新疆维吾尔自治区 香港特别行政区 澳门特别行政区';
const MUNICIPAL: ReadonlySet<string> = new Set(['北京', '天津', '上海', '重庆']);
const SHORT_NAMES: ReadonlySet<string> = new Set(SHORT.split(' '));
const NAMES: ReadonlySet<string> = new Set([
  ...SHORT_NAMES,
  ...SHORT.split(' ').map((name) => `${name}${MUNICIPAL.has(name) ? '市' : '省'}`),
  ...AUTONOMOUS.split(' '),
]);
const LONGEST = 8; // 新疆维吾尔自治区
/** Behind a short name these make it something else: 吉林市 is a city of 吉林, 河北区 a district of 天津, 北京路 a street. */
const OTHERWISE = new Set(['市', '区', '县', '路', '街', '道', '镇', '乡']);

/** The province that a text begins with, as written: its full name or the short one; null where it begins with none. */
export function provinceOf(text: string): string | null {
  for (let length = Math.min(LONGEST, text.length); length >= 2; length--) {
    const name = text.slice(0, length);
    if (NAMES.has(name)) return SHORT_NAMES.has(name) && OTHERWISE.has(text.charAt(length)) ? null : name;
  }
  return null;
}

/** The short name where a province is a municipality (直辖市), which is its own city; null for all others. */
export function municipalityOf(province: string): string | null {
  const short = province.slice(0, 2);
  return MUNICIPAL.has(short) ? short : null;
}
