import t from 'tap';
import { type AuditEntry, insertAudit, listAudit } from '../../src/store/audit.ts';
import { createDb } from '../../src/store/database.ts';
import { testDatabase } from '../helpers/database.ts';

const AT = Date.UTC(2026, 5, 1);

function entry(n: number, more: Partial<AuditEntry> = {}): AuditEntry {
  const id = `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
  const base = { at: AT + Math.floor(n / 2), actor: 'key:a', action: 'pii.read', subjectKind: 'customer' };
  return { id, ...base, subjectId: 'c1', reason: 'call back', detail: { fields: ['phone'] }, requestId: 'r1', ...more };
}

t.test('entries come back as they were written, newest first', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  const entries = [entry(0), entry(1, { subjectId: null, reason: null, requestId: null, detail: {} }), entry(2)];
  await insertAudit(db, entries);
  await insertAudit(db, []);
  t.strictSame(await listAudit(db, { limit: 10 }), entries.toReversed());
});

t.test('pages follow each other without a gap or a repeat, also within one millisecond', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  const entries = Array.from({ length: 11 }, (_, n) => entry(n));
  await insertAudit(db, entries);
  const seen: AuditEntry[] = [];
  for (let page = await listAudit(db, { limit: 3 }); page.length > 0; ) {
    seen.push(...page);
    const last = seen.at(-1) as AuditEntry;
    page = await listAudit(db, { limit: 3, before: { at: last.at, id: last.id } });
  }
  t.strictSame(seen, entries.toReversed());
});

t.test('entries are found by actor, action, subject and time', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  await insertAudit(db, [
    entry(0),
    entry(2, { actor: 'cli' }),
    entry(4, { action: 'key.created' }),
    entry(6, { subjectId: 'c2' }),
  ]);
  const ids = async (filter: object) =>
    (await listAudit(db, { limit: 10, ...filter })).map((it) => Number(it.id.slice(-2)));
  t.strictSame(await ids({ actor: 'cli' }), [2]);
  t.strictSame(await ids({ action: 'key.created' }), [4]);
  t.strictSame(await ids({ subjectId: 'c2' }), [6]);
  t.strictSame(await ids({ from: AT + 1, to: AT + 3 }), [4, 2]);
  t.strictSame(await ids({ subjectId: 'c1', actor: 'key:a' }), [4, 0]);
});
