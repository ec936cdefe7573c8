import fc from 'fast-check';
import t from 'tap';
import { standingConsents } from '../../src/domain/consent.ts';
import { PURPOSES } from '../../src/domain/submission.ts';

const DEFAULTS = { contact: true, analytics: false, ad_feedback: false };
const row = fc.record({
  purpose: fc.constantFrom(...PURPOSES),
  granted: fc.boolean(),
  statedAt: fc.integer({ min: 1, max: 5 }),
});

t.test('nothing stated: as the policy says', async (t) => {
  t.strictSame(standingConsents([], DEFAULTS), {
    contact: { granted: true, statedAt: null },
    analytics: { granted: false, statedAt: null },
    ad_feedback: { granted: false, statedAt: null },
  });
});

t.test('law: the order of arrival says nothing, and of one moment the withdrawal stands', async (t) => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
      const standing = standingConsents(rows, DEFAULTS);
      t.strictSame(standingConsents([...rows].reverse(), DEFAULTS), standing);
      for (const purpose of PURPOSES) {
        const mine = rows.filter((it) => it.purpose === purpose);
        const last = Math.max(...mine.map((it) => it.statedAt));
        if (mine.length > 0)
          t.strictSame(standing[purpose], {
            statedAt: last,
            granted: mine.every((it) => it.statedAt !== last || it.granted),
          });
      }
    }),
  );
});
