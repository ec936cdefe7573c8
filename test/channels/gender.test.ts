import t from 'tap';
import { readGender } from '../../src/channels/gender.ts';

const CASES: readonly (readonly [string, string | null])[] = [
  ...['男', '先生', '男士', 'M', 'male', 'MALE', 'Mr.', 'GENDER_TYPE_MALE'].map((text) => [text, 'male'] as const),
  ...['女', '女士', '小姐', 'F', 'Female', 'Ms.', 'GENDER_TYPE_FEMALE'].map((text) => [text, 'female'] as const),
  ...['未知', '保密', 'unknown', 'GENDER_TYPE_UNKNOWN'].map((text) => [text, 'unknown'] as const),
  ...['0', '1', '2', '男女', '', '王先生'].map((text) => [text, null] as const),
];

t.test('genders as platforms and people write them', async (t) => {
  for (const [text, gender] of CASES) t.equal(readGender(text), gender, text);
});
