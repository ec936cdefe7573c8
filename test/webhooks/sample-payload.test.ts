import t from 'tap';
import { EVENT_TYPES } from '../../src/domain/event.ts';
import { PAYLOAD_MAX_BYTES } from '../../src/domain/payload.ts';
import { SAMPLE_TYPES, samplePayload } from '../../src/webhooks/sample-payload.ts';

const AT = Date.UTC(2026, 5, 1, 4);
const PHONE = '13800138000';

t.test('there is a marked sample of every type, small enough to be sent, that is the same each time', (t) => {
  t.strictSame(SAMPLE_TYPES, Object.keys(EVENT_TYPES));
  for (const type of SAMPLE_TYPES) {
    const sample = samplePayload({ type, mode: 'full', id: 'e1', at: AT });
    t.match(sample, { id: 'e1', type, version: 1, test: true, recorded_at: '2026-06-01T04:00:00.000Z' });
    t.strictSame(samplePayload({ type, mode: 'full', id: 'e1', at: AT }), sample);
    t.ok(Buffer.byteLength(JSON.stringify(sample)) < PAYLOAD_MAX_BYTES);
    t.ok(Object.keys(sample.data.changed).length > 0, `${type} says what has changed`);
    t.equal(sample.data.lead === null, sample.sequence === null, 'only what is of a lead has an order');
  }
  t.end();
});

t.test('a sample is masked, full or thin as the endpoint is', (t) => {
  const text = (mode: 'masked' | 'full' | 'thin') => samplePayload({ type: 'lead.created', mode, id: 'e', at: AT });
  t.match(JSON.stringify(text('full')), PHONE);
  t.match(text('full').data, { lead: { person: { name: '张三' }, masked: null }, customer: { touch_count: 1 } });
  t.notMatch(JSON.stringify(text('masked')), PHONE);
  t.match(text('masked').data.lead, { phone: '138****8000' });
  t.strictSame(Object.keys(text('thin').data.lead ?? {}), ['id']);
  const nulls = (value: unknown): number =>
    value === null
      ? 1
      : typeof value === 'object'
        ? Object.values(value as object).reduce((sum, one) => sum + nulls(one), 0)
        : 0;
  t.ok(nulls(text('full').data.submission) === 0, 'a submission has every value');
  t.end();
});
