import t from 'tap';
import type { Setup } from '../../src/channels/channel.ts';
import { feiyu } from '../../src/channels/feiyu.ts';
import { madePush } from './made-push.ts';

const setup = (settings: Setup['settings'], secrets: readonly string[] = []): Setup => ({
  secrets,
  credentials: {},
  settings,
});

t.test('nothing is checked while the check is off, whatever secret is set', async (t) => {
  t.equal(feiyu.authenticate(madePush(), setup({})).kind, 'authentic');
  t.equal(feiyu.authenticate(madePush(), setup({ verify: 'off' }, ['demo'])).kind, 'authentic');
});

t.test('with the check on, a push without signature or a source without secret is refused', async (t) => {
  t.match(feiyu.authenticate(madePush(), setup({ verify: 's12' }, ['demo'])), { code: 'signature_missing' });
  t.match(feiyu.authenticate(madePush(), setup({ verify: 's12' })), { code: 'secret_missing' });
});

t.test('a lead that only was modified at another time is the same content', async (t) => {
  const content = (modify_time: string) => {
    const split = feiyu.split({ id: '1', telphone: '13800138001', modify_time }, madePush(), setup({}));
    return split.kind === 'items' && split.items[0]?.kind === 'lead' && split.items[0].content;
  };
  t.strictSame(content('1'), content('2'));
});

t.test('a body without a lead is kept whole', async (t) => {
  for (const body of [null, 'x', 1, [], {}, [{}], [{ id: '1' }, 'x']]) {
    t.equal(feiyu.split(body, madePush(), setup({})).kind, 'unmappable', JSON.stringify(body));
  }
});

t.test('an ad preview is a test by either name of its state', async (t) => {
  for (const lead of [{ convert_status: '广告预览' }, { clue_convert_status: '广告预览' }]) {
    t.match(feiyu.split(lead, madePush(), setup({})), { items: [{ draft: { test: true } }] });
  }
});
