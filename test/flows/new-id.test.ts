import { randomBytes } from 'node:crypto';
import t from 'tap';
import { isUuid } from '../../src/domain/id.ts';
import { newId } from '../../src/flows/new-id.ts';

t.test('ids of one moment differ, and spread over the buckets', async (t) => {
  const ids = Array.from({ length: 5000 }, () => newId(Date.UTC(2026, 5, 1), randomBytes));
  t.ok(ids.every(isUuid));
  t.equal(new Set(ids).size, ids.length);
  t.equal(new Set(ids.map((id) => id.slice(0, 15))).size, 1, 'time and version');
  t.ok(new Set(ids.map((id) => id.slice(15, 18))).size > 2500, 'of 4,096 buckets');
});
