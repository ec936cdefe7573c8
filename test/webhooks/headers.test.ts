import t from 'tap';
import { type DeliveryFacts, deliveryHeaders } from '../../src/webhooks/headers.ts';

const SIGNED = { 'webhook-id': 'e', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' };
const FACTS: DeliveryFacts = {
  kind: 'live',
  eventType: 'lead.created',
  deliveryId: 'd',
  attempt: 3,
  sequence: 7,
  leadAgeSeconds: 12,
  eventAgeSeconds: 0,
  contentType: 'application/json',
};

t.test('a request says what it is of', (t) => {
  t.strictSame(deliveryHeaders('1.2.3', {}, SIGNED, FACTS), {
    'user-agent': 'clew/1.2.3',
    'content-type': 'application/json',
    ...SIGNED,
    'clew-delivery-id': 'd',
    'clew-attempt': '3',
    'clew-event-type': 'lead.created',
    'clew-event-age': '0',
    'clew-sequence': '7',
    'clew-lead-age': '12',
  });
  t.end();
});

t.test('what has no order and no lead says neither, and a test says that it is one', (t) => {
  const headers = deliveryHeaders('1', {}, SIGNED, { ...FACTS, kind: 'test', sequence: null, leadAgeSeconds: null });
  t.equal(headers['clew-test'], 'true');
  t.notOk('clew-sequence' in headers || 'clew-lead-age' in headers);
  t.notOk('clew-test' in deliveryHeaders('1', {}, SIGNED, FACTS));
  t.end();
});

t.test('custom headers go before agent and content type, and below all else', (t) => {
  const custom = { 'user-agent': 'crm', 'content-type': 'text/plain', 'webhook-id': 'x', 'clew-attempt': '9', a: 'b' };
  t.match(deliveryHeaders('1', custom, SIGNED, FACTS), {
    'user-agent': 'crm',
    'content-type': 'text/plain',
    'webhook-id': 'e',
    'clew-attempt': '3',
    a: 'b',
  });
  t.end();
});
