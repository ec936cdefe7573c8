import t from 'tap';
import { textReplies } from '../../src/channels/text-ack.ts';

const of = (ack?: string) =>
  textReplies({ secrets: [], credentials: {}, settings: ack === undefined ? {} : { ack } }, 'OK');

t.test('the text of the source, or the usual one', async (t) => {
  t.match(of().accepted, { status: 200, contentType: /^text\/plain/, body: 'OK' });
  t.match(of('{"code":0}').paused, { status: 200, contentType: /^application\/json/, body: '{"code":0}' });
  t.match(of('{"code":0}').unavailable, { status: 503, body: '{"code":-1,"message":"try again later"}' });
});
