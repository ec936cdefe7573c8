const MALE: ReadonlySet<string> = new Set(['男', '男性', '男士', '先生', 'm', 'male', 'man', 'mr', 'gender_type_male']);
const FEMALE: ReadonlySet<string> = new Set([
  '女',
  '女性',
  '女士',
  '小姐',
  'f',
  'female',
  'woman',
  'ms',
  'mrs',
  'miss',
  'gender_type_female',
]);
const UNKNOWN: ReadonlySet<string> = new Set([
  '未知',
  '保密',
  '不详',
  '其他',
  'unknown',
  'other',
  'gender_type_unknown',
  'gender_type_unlimited',
]);

/** The gender that a text says, or null; bare numbers mean different things on each platform, so they need the map's codes. */
export function readGender(text: string): 'male' | 'female' | 'unknown' | null {
  const plain = text.normalize('NFKC').trim().toLowerCase().replace(/\.$/, '');
  if (MALE.has(plain)) return 'male';
  if (FEMALE.has(plain)) return 'female';
  return UNKNOWN.has(plain) ? 'unknown' : null;
}
