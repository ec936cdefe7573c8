import t from 'tap';
import type { HistoryTouch, Spoken } from '../../src/domain/recompute.ts';
import { remakeTouch } from '../../src/domain/remake-touch.ts';

function said(id: string, occurredAt: number, over: Partial<Spoken> = {}): Spoken {
  return { id, noise: false, occurredAt, receivedAt: occurredAt, fields: {}, ...over };
}

function touch(spoken: readonly Spoken[]): HistoryTouch {
  const moments = { firstAt: 1, firstSubmissionId: 'first', lastAt: 9, lastSubmissionId: 'last' };
  const from = {
    leadId: 'l',
    cycle: 1,
    channel: 'event',
    kind: 'event' as const,
    occurredAt: 5,
    sourceId: 's',
    store: null,
    receivedAt: 5,
    voided: false,
    fields: {},
  };
  return { id: 't', ...from, ...moments, spoken };
}

t.test('without noise a touch begins and ends where its own submission and other noise say', async (t) => {
  const spoken = [said('first', 1, { noise: true }), said('own', 5), said('last', 9, { noise: true })];
  t.match(remakeTouch(touch(spoken), 'own', new Set(['first'])), {
    firstAt: 5,
    firstId: 'own',
    lastAt: 9,
    lastId: 'last',
  });
  t.match(remakeTouch(touch(spoken), 'own', new Set(['first', 'last'])), { firstId: 'own', lastAt: 5, lastId: 'own' });
  const twin = [said('own', 5), said('twin', 5, { noise: true, receivedAt: 1 })];
  t.match(remakeTouch(touch(twin), 'own', new Set()), { firstId: 'own', lastId: 'own' });
});

t.test('without an update a touch has the values that are left', async (t) => {
  const own = said('own', 5, { fields: { person: { name: '王芳' } } });
  const one = said('one', 6, { fields: { person: { company: '测试公司' } } });
  const two = said('two', 7, { fields: { person: { name: '王小芳' } } });
  const spoken = touch([own, one, two]);
  t.strictSame(remakeTouch(spoken, 'own', new Set(['two'])).fields, { person: { name: '王芳', company: '测试公司' } });
  t.equal(remakeTouch(spoken, 'own', new Set(['one', 'two'])).fields, null, 'as its own submission says');
});
