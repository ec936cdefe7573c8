import t from 'tap';
import { metaFetch } from '../../src/channels/meta-fetch.ts';

const setup = { secrets: [], credentials: { access_token: 'demo-access' }, settings: {} };

t.test('the request', async (t) => {
  const { path, headers } = metaFetch.request({ leadgen_id: '77' }, setup);
  t.match(path, /^\/v23\.0\/77\?fields=id%2Ccreated_time/);
  t.strictSame(headers, { authorization: 'Bearer demo-access' });
  t.notMatch(path, 'demo-access');
  const versioned = (api_version: unknown) =>
    metaFetch.request({ leadgen_id: '77' }, { ...setup, settings: { api_version } }).path;
  t.match(versioned('v24.0'), /^\/v24\.0\/77\?/);
  t.match(versioned('../x'), /^\/v23\.0\/77\?/);
});

t.test('a lead', async (t) => {
  const answer = {
    id: '77',
    created_time: '2026-04-12T01:30:00+0000',
    form_id: '3',
    field_data: [
      { name: 'first_name', values: ['Demo'] },
      { name: 'last_name', values: ['User'] },
      { name: 'phone_number', values: ['+8613800138000'] },
      { name: 'models', values: ['A', 'B'] },
    ],
  };
  t.match(metaFetch.read(200, answer), {
    kind: 'lead',
    draft: {},
    record: {
      id: '77',
      form_id: '3',
      answers: [
        { label: 'first_name', value: 'Demo' },
        { label: 'last_name', value: 'User' },
        { label: 'phone_number', value: '+8613800138000' },
        { label: 'models', value: ['A', 'B'] },
        { label: 'full_name', value: 'Demo User' },
      ],
    },
  });
});

t.test('a lead of the testing tool', async (t) => {
  const test = (value: string) => {
    const read = metaFetch.read(200, { field_data: [{ name: 'q', values: [value] }] });
    return read.kind === 'lead' && read.draft.test === true;
  };
  t.ok(test('<test lead: dummy data for full_name>'));
  t.ok(test('test@meta.com'));
  t.notOk(test('I saw <test lead: dummy data for full_name> once'));
});

t.test('what else the platform may say', async (t) => {
  const error = (code: number, error_subcode?: number) => ({ error: { message: 'no', code, error_subcode } });
  const cases = [
    [400, error(100, 33), 'gone'],
    [404, null, 'gone'],
    [400, error(100), 'failed'],
    [400, error(190, 463), 'unauthorised'],
    [401, null, 'unauthorised'],
    [403, error(10), 'unauthorised'],
    [429, null, 'throttled'],
    [400, error(4), 'throttled'],
    [400, error(17), 'throttled'],
    [400, error(32), 'throttled'],
    [403, error(613), 'throttled'],
    [500, 'oops', 'failed'],
    [200, {}, 'failed'],
    [200, null, 'failed'],
    [200, { ...error(1), field_data: [] }, 'failed'],
  ] as const;
  for (const [status, value, kind] of cases)
    t.equal(metaFetch.read(status, value).kind, kind, `${status} ${JSON.stringify(value)}`);
});
