import fc from 'fast-check';
import t from 'tap';
import {
  changedFields,
  clearlyOther,
  EMPTY_PROFILE,
  isPlaceholderName,
  type Profile,
  standing,
  standingAddress,
  stateProfile,
  uniteProfiles,
} from '../../src/domain/profile.ts';
import type { Person } from '../../src/domain/submission.ts';

const stamp = (at: number, sub = `s${at}`) => ({ at, rec: at, sub });
const told = (...history: readonly (readonly [at: number, person: Person, clear?: readonly string[]])[]): Profile =>
  history.reduce((profile, [at, person, clear = []]) => stateProfile(profile, person, clear, stamp(at)), EMPTY_PROFILE);

t.test('which value stands', async (t) => {
  t.equal(standing(told([1, { name: '王芳' }], [2, { name: '王小芳' }]), 'name'), '王小芳', 'newer beats older');
  t.equal(standing(told([2, { name: '王小芳' }], [1, { name: '王芳' }]), 'name'), '王小芳', 'whatever came first');
  t.equal(
    standing(told([1, { name: '王芳' }], [2, { name: '微信用户8823' }]), 'name'),
    '王芳',
    'a placeholder ranks lowest',
  );
  t.equal(standing(told([1, { name: '先生' }]), 'name'), '先生', 'a placeholder is better than nothing');
  t.equal(standing(told([1, { name: '王芳' }], [2, {}]), 'name'), '王芳', 'a blank erases nothing');
  t.equal(standing(told([1, { name: '王芳' }], [2, {}, ['name']]), 'name'), null, 'an explicit clear does');
  t.equal(standing(told([1, {}, ['name']], [2, { name: '王芳' }]), 'name'), '王芳', 'until something newer is said');
  const confirmed = { ...told([1, { name: '李强' }]), confirmed: { name: { v: '王芳', at: 5, by: 'adviser:A1' } } };
  t.equal(
    standing(stateProfile(confirmed, { name: '赵云' }, [], stamp(9)), 'name'),
    '王芳',
    'confirmed outranks newer',
  );
});

t.test('scenario 26: the address moves as a block', async (t) => {
  const known = told([1, { province: '浙江', city: '杭州', district: '西湖区' }]);
  t.strictSame(standingAddress(stateProfile(known, { province: '江苏' }, [], stamp(2))), {
    province: '浙江',
    city: '杭州',
    district: '西湖区',
  });
  t.strictSame(
    standingAddress(stateProfile(known, { province: '江苏', city: '南京', district: '鼓楼区' }, [], stamp(2))),
    {
      province: '江苏',
      city: '南京',
      district: '鼓楼区',
    },
  );
  t.equal(standingAddress(stateProfile(known, {}, ['address'], stamp(2))), null, 'taken back');
  t.strictSame(
    standingAddress(stateProfile(known, {}, ['address'], stamp(0))),
    standingAddress(known),
    'taken back before it was said',
  );
});

t.test('what changed is told by name, never by value', async (t) => {
  const before = told([1, { name: '王芳', city: '杭州' }]);
  t.strictSame(changedFields(before, stateProfile(before, { name: '王小芳', tags: ['vip'] }, [], stamp(2))), [
    'name',
    'tags',
  ]);
  t.strictSame(
    changedFields(before, stateProfile(before, { name: '王芳' }, [], stamp(2))),
    [],
    'the same value is no change',
  );
});

t.test('names', async (t) => {
  for (const name of ['先生', '微信用户8823', '未命名', 'test', 'Test1', '王女士', '抖音用户abc', '测试']) {
    t.ok(isPlaceholderName(name), name);
  }
  for (const name of ['王芳', '欧阳修', 'Tess', '司马先', 'Anna']) t.notOk(isPlaceholderName(name), name);
  t.ok(clearlyOther('王芳', '李强'));
  t.notOk(clearlyOther('王芳', '王'), 'a surname alone names nobody else');
  t.notOk(clearlyOther('王芳', '王小芳'), 'may be the same person');
  t.notOk(clearlyOther('王芳', '先生'), 'a placeholder is no real name');
});

const person: fc.Arbitrary<Person> = fc.record(
  {
    name: fc.constantFrom('王芳', '李强', '先生'),
    email: fc.constantFrom('a@x.cn', 'b@x.cn'),
    province: fc.constantFrom('浙江', '江苏'),
    city: fc.constantFrom('杭州', '南京'),
    tags: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  },
  { requiredKeys: [] },
);
const history = fc.uniqueArray(fc.tuple(fc.nat(50), person, fc.subarray(['name', 'email'])), {
  selector: ([at]) => at,
  minLength: 1,
  maxLength: 8,
});

t.test('laws', async (t) => {
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(history, fc.nat(), (entries, seed) => {
          const other = [...entries].sort(([a], [b]) => ((a * 31 + seed) % 53) - ((b * 31 + seed) % 53));
          return JSON.stringify(sorted(told(...entries))) === JSON.stringify(sorted(told(...other)));
        }),
      ),
    'the order of arrival changes nothing',
  );
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(history, history, (left, right) => {
          const shifted = right.map(([at, who, clear]) => [at + 100, who, clear] as const);
          const both = uniteProfiles(told(...left), told(...shifted));
          return JSON.stringify(sorted(both)) === JSON.stringify(sorted(told(...left, ...shifted)));
        }),
      ),
    'uniting two profiles is telling both histories to one',
  );
});

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
