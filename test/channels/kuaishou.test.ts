import t from 'tap';
import { kuaishou } from '../../src/channels/kuaishou.ts';
import { mapRecord } from '../../src/channels/map-record.ts';
import { madePush } from './made-push.ts';

const setup = (settings: object) => ({ secrets: [], credentials: {}, settings: { ...settings } });

t.test('the id of the row is that of the lead, unless the source says otherwise', async (t) => {
  t.match(kuaishou.split({ id: 7, phone: '1' }, madePush(), setup({})), { items: [{ externalId: '7' }] });
  t.match(kuaishou.split({ id: 7, no: 8 }, madePush(), setup({ external_id: 'no' })), { items: [{ externalId: '8' }] });
});

t.test('the way of asking says what kind of touch it is; one that nobody knows is kept beside', async (t) => {
  const draftOf = (source_type: unknown) => mapRecord({ source_type }, [kuaishou.fieldMap], {}).draft;
  t.match(draftOf(1), { intent: { kind: 'form' } });
  t.match(draftOf('2'), { intent: { kind: 'call' } });
  t.match(draftOf(3), { intent: { kind: 'consult' } });
  t.match(draftOf(9), { intent: undefined, extra: { source_type: 9 } });
});

t.test('unsigned only where that is said in so many words', async (t) => {
  t.equal(kuaishou.authenticate(madePush(), setup({})).kind, 'refused');
  t.equal(kuaishou.authenticate(madePush(), setup({ scheme: 'none' })).kind, 'authentic');
});
