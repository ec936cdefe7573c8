import fc from 'fast-check';
import t from 'tap';
import { confirmProfile } from '../../src/domain/confirm.ts';
import {
  EMPTY_PROFILE,
  PROFILE_FIELDS,
  type Profile,
  standing,
  standingAddress,
  stateProfile,
} from '../../src/domain/profile.ts';
import type { Person } from '../../src/domain/submission.ts';

const by = 'adviser:A1 via key:crm';
const stated = (at: number, person: Person, known: Profile = EMPTY_PROFILE) =>
  stateProfile(known, person, [], { at, rec: at, sub: `s${at}` });
const confirm = (profile: Profile, person: Person, clear: readonly string[] = [], at = 100) =>
  confirmProfile(profile, { person, clear, at, by });

t.test('law: what is confirmed stands, whatever is stated before or after', async (t) => {
  const value = fc.constantFrom('王芳', '李强', '微信用户88', '先生');
  fc.assert(
    fc.property(
      fc.constantFrom(...PROFILE_FIELDS),
      value,
      value,
      fc.integer({ min: 1, max: 200 }),
      (field, confirmed, other, at) => {
        const before = confirm(stated(at, { [field]: other }), { [field]: confirmed }).profile;
        const after = stated(at, { [field]: other }, confirm(EMPTY_PROFILE, { [field]: confirmed }).profile);
        t.strictSame([standing(before, field), standing(after, field)], [confirmed, confirmed]);
      },
    ),
  );
});

t.test('law: confirmed again, nothing is other than it was', async (t) => {
  const person = fc.record(
    {
      name: fc.constantFrom('王芳', '  '),
      company: fc.constantFrom('甲', '乙'),
      city: fc.constantFrom('杭州', '宁波'),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(person, fc.subarray(['name', 'email', 'address']), (values, clear) => {
      const first = confirm(stated(1, { name: '旧', province: '浙江', city: '温州' }), values, clear).profile;
      const again = confirm(first, values, clear, 200);
      t.strictSame(again, { profile: first, fields: [] });
      t.equal(again.profile, first);
    }),
  );
});

t.test('a blank changes nothing, a clear takes back, and nothing cannot be taken back', async (t) => {
  const profile = stated(1, { name: '王芳', city: '杭州' });
  t.equal(confirm(profile, { name: ' ', company: '' }).profile, profile);
  t.equal(confirm(profile, {}, ['company', 'email']).profile, profile);
  const gone = confirm(profile, {}, ['name', 'address']);
  t.strictSame(gone.fields, ['name', 'address']);
  t.strictSame([standing(gone.profile, 'name'), standingAddress(gone.profile)], [null, null]);
  const both = confirm(profile, { name: '李强' }, ['name']).profile;
  t.equal(standing(both, 'name'), '李强', 'a value beside the clear is the new one');
  t.equal(standing(stated(99, { name: '李强', city: '宁波' }, gone.profile), 'name'), null, 'stated before the clear');
  const anew = stated(101, { name: '李强', city: '宁波' }, gone.profile);
  t.strictSame([standing(anew, 'name'), standingAddress(anew)], ['李强', { city: '宁波' }]);
});

t.test('the address is a block: a part that changes takes those below it away', async (t) => {
  const profile = stated(1, { province: '浙江', city: '杭州', district: '西湖区', street: '文三路' });
  const block = (person: Person, clear: readonly string[] = []) =>
    standingAddress(confirm(profile, person, clear).profile);
  t.strictSame(block({ street: '文二路' }), { province: '浙江', city: '杭州', district: '西湖区', street: '文二路' });
  t.strictSame(block({ city: '宁波' }), { province: '浙江', city: '宁波' });
  t.strictSame(
    block({ city: '杭州' }),
    { province: '浙江', city: '杭州', district: '西湖区', street: '文三路' },
    'the same confirms the whole',
  );
  t.strictSame(block({ province: '江苏', district: '玄武区' }), { province: '江苏', district: '玄武区' });
  t.strictSame(block({ city: '宁波' }, ['address']), { city: '宁波' });
});
