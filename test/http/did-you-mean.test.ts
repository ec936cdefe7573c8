import t from 'tap';
import { didYouMean } from '../../src/http/did-you-mean.ts';

const KNOWN = ['phone', 'phone_kind', 'name', 'email', 'external_id', 'campaign_id', 'city', 'tag'];

t.test('names the nearest known name', async (t) => {
  for (const [typed, meant] of [
    ['phon', 'phone'],
    ['pohne', 'phone'],
    ['Phone', 'phone'],
    ['phoneKind', 'phone_kind'],
    ['external-id', 'external_id'],
    ['externalid', 'external_id'],
    ['campaing_id', 'campaign_id'],
    ['ctiy', 'city'],
    ['tga', 'tag'],
  ] as const) {
    t.equal(didYouMean(typed, KNOWN), meant, typed);
  }
});

t.test('is silent where nothing is near', async (t) => {
  for (const typed of ['', 'x', 'zip', 'telephone_number', '手机', 'a'.repeat(10_000)]) {
    t.equal(didYouMean(typed, KNOWN), null, typed.slice(0, 20));
  }
  t.equal(didYouMean('phone', []), null);
});
