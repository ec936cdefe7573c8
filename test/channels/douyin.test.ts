import t from 'tap';
import { douyin } from '../../src/channels/douyin.ts';
import { madePush } from './made-push.ts';

const SETUP = { secrets: ['demo'], credentials: {}, settings: {} };
const split = (body: unknown) => douyin.split(body, madePush(), SETUP);

t.test('a body that names no event, and a message that cannot be read, are kept whole', async (t) => {
  for (const body of [
    null,
    [],
    {},
    { event: '' },
    { event: 'im_receive_msg' },
    { event: 'im_receive_msg', content: 'x' },
  ]) {
    t.equal(split(body).kind, 'unmappable', JSON.stringify(body));
  }
});

t.test('what we sent ourselves is no lead', async (t) => {
  const content = { message_type: 'retain_consult_card', server_message_id: '1' };
  t.match(split({ event: 'im_send_msg', content }), { items: [{ kind: 'ignored', why: 'topic_unknown' }] });
});

t.test('a card of strange members is a lead all the same', async (t) => {
  const content = { message_type: 'retain_consult_card', user_infos: [null, 1, { open_id: 'b', nick_name: 'other' }] };
  t.match(split({ event: 'im_receive_msg', from_user_id: 'a', content }), {
    items: [{ kind: 'lead', externalId: null, record: { open_id: 'a', nick_name: undefined } }],
  });
});
