import t from 'tap';
import { platformDraft } from '../../src/channels/platform-draft.ts';

t.test('holds what is known and nothing else', async (t) => {
  const nothing = { externalId: null, test: 'real', kind: null, levels: {}, clickIdKind: null } as const;
  t.strictSame(platformDraft(nothing), {});
  t.strictSame(
    platformDraft({ externalId: '1', test: 'test', kind: 'call', levels: { ad_id: '2' }, clickIdKind: 'req_id' }),
    {
      external_id: '1',
      test: true,
      intent: { kind: 'call' },
      traffic: { levels: { ad_id: '2' }, click_id_kind: 'req_id' },
    },
  );
});
