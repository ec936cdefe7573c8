import t from 'tap';
import { empty, json, text } from '../../src/channels/reply.ts';

t.test('a body has a type, and none has none', async (t) => {
  t.strictSame(json(200, { a: '张' }), {
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: '{"a":"张"}',
  });
  t.strictSame(text(403, 'no'), { status: 403, contentType: 'text/plain; charset=utf-8', body: 'no' });
  t.strictSame(empty(204), { status: 204, contentType: null, body: '' });
});
