import t from 'tap';
import { openClaimWindow } from '../../src/flows/claim-window.ts';

const NOW = 1_000_000_000;
const seen = (since: number | null, waiting = 0) => ({ looked: since === null ? 0 : 10, waiting, since });

t.test('a claim begins behind what was seen, and looks back every two seconds', (t) => {
  const window = openClaimWindow();
  t.strictSame(window.next(50, 0), { from: null, look: 100 }, 'the first looks at everything');
  window.saw(seen(NOW - 60_000), NOW);
  t.strictSame(window.next(50, 1_999), { from: NOW - 60_000, look: 100 });
  window.saw(seen(null), NOW);
  t.equal(window.next(50, 1_999).from, NOW - 60_000, 'a claim that saw nothing moves nothing');
  t.equal(window.next(50, 2_000).from, null, 'leases that ended lie before it');
  window.saw(seen(NOW - 5_000), NOW);
  t.equal(window.next(50, 2_001).from, NOW - 10_000, 'what is so new may still be committed before it');
  t.end();
});

t.test('it looks further while rows wait for others', (t) => {
  const window = openClaimWindow();
  window.saw(seen(NOW, 3), NOW);
  t.equal(window.next(10, 0).look, 1_000);
  t.equal(window.next(500, 0).look, 1_000);
  t.equal(window.next(600, 0).look, 1_200, 'never less than twice what it can take');
  window.saw(seen(NOW), NOW);
  t.equal(window.next(10, 0).look, 20);
  t.end();
});
