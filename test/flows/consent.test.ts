import t from 'tap';
import { day, P, startWorking } from '../helpers/working.ts';

t.test('the latest dated statement stands, whatever the order of arrival', async (t) => {
  const s = await startWorking(t);
  const { customer_id } = await s.capture1(P, { occurred_at: day(12, 1) });
  const path = `/v1/customers/${customer_id}/consents`;
  const state = async (body: object) =>
    (await s.post(path, { purpose: 'ad_feedback', ...body })) as {
      recorded: boolean;
      consents: Record<string, { granted: boolean; stated_at: string | null }>;
    };
  const grant = await state({ granted: true, at: day(12, 5), text_version: 'v3', channel: 'wecom', proof: 'form-555' });
  t.match(grant.consents, {
    ad_feedback: { granted: true, stated_at: '2026-12-05T04:00:00.000Z' },
    contact: { granted: true },
    analytics: { granted: false },
  });
  t.equal(grant.consents['contact']?.stated_at, null, 'by the policy alone');
  t.equal(
    (await state({ granted: false, at: day(12, 4) })).consents['ad_feedback']?.granted,
    true,
    'an older withdrawal',
  );
  t.equal(
    (await state({ granted: false, at: day(12, 5) })).consents['ad_feedback']?.granted,
    false,
    'of one moment the withdrawal stands',
  );
  t.equal((await state({ granted: true, at: day(12, 5) })).recorded, false, 'said already');
  t.equal((await state({ granted: true, at: day(12, 6) })).consents['ad_feedback']?.granted, true);
  const told = await s.db.selectFrom('event').select('data').where('type', '=', 'customer.consent_changed').execute();
  t.strictSame(told.map(({ data }) => (data as { granted: boolean }).granted).sort(), [false, true, true]);
  t.equal((await s.db.selectFrom('consent').selectAll().execute()).length, 4);
  const { consents } = await s.get(`/v1/customers/${customer_id}`);
  t.match(
    consents.filter((it: { purpose: string }) => it.purpose === 'ad_feedback'),
    [{ granted: true, stated_at: '2026-12-06T04:00:00.000Z' }],
  );
});

t.test('what cannot be stated', async (t) => {
  const s = await startWorking(t);
  const { customer_id } = await s.capture1(P, { store: 'S1' });
  const path = `/v1/customers/${customer_id}/consents`;
  const refused = (body: object, key?: string) => s.call('POST', path, { body, ...(key === undefined ? {} : { key }) });
  t.match(await refused({ purpose: 'sale', granted: true }), { status: 422 });
  t.match(await refused({ purpose: 'contact' }), { status: 422 });
  t.match(await refused({ purpose: 'contact', granted: true, at: 'soon' }), {
    status: 422,
    body: { code: 'date_invalid' },
  });
  const { secret } = await s.makeKey({ scopes: ['leads:write'], stores: ['S2'] });
  t.match(await refused({ purpose: 'contact', granted: false }, secret), {
    status: 403,
    body: { code: 'other_store' },
  });
  t.match(
    await s.call('POST', '/v1/customers/00000000-0000-7000-8000-000000000000/consents', {
      body: { purpose: 'contact', granted: true },
    }),
    { status: 404 },
  );
});
