import { buffer } from 'node:stream/consumers';
import t from 'tap';
import { request } from 'undici';
import { capture, REASON } from '../../helpers/captured.ts';
import { finish, importerOf, rowsOf, upload } from '../../helpers/importing.ts';
import { startService } from '../../helpers/service.ts';

const PEOPLE: readonly object[] = [
  { phone: '13800138000', name: '张三' },
  { phone: '010-62345678-101', name: '=HYPERLINK("x")' },
  { phone: '01062345678', name: '李四,王五;\t"赵六"' },
  { phone: '+852 9123 4567', name: '陈\n大文' },
  { phone: '+1 213 373 4253', name: '-' },
  { wechat: 'ZhangSan_88', name: '+only a handle' },
  { phone: '16212345678', wechat: 'lisi_99', city: '杭州' },
];

t.test('law: what is exported in full and imported again is all known', async (t) => {
  const service = await startService(t);
  const importer = importerOf(t, service, { clock: () => Date.parse('2026-11-22T04:00:00Z') });
  const { sourceId } = await service.makeKey({});
  for (const [n, person] of PEOPLE.entries()) {
    const campaign = n % 2 === 0 ? { campaign: { id: 'c1', name: '六月, 团购会' } } : {};
    await capture(service, { person, channel: 'event', occurred_at: `2026-06-0${n + 1}T10:00:00+08:00`, ...campaign });
  }
  const headers = { authorization: `Bearer ${service.adminKey}`, ...REASON };
  const ways = ['encoding=utf-8-bom', 'encoding=utf-8', 'encoding=gb18030', 'encoding=utf-16le', 'format=xlsx'];
  for (const way of ways) {
    const { body } = await request(`${service.url}/v1/leads/export?${way}`, { headers });
    const id = await upload(service, { sourceId, file: await buffer(body), dryRun: true });
    const done = await finish(service, importer, id);
    t.equal(done.fault, null, way);
    t.equal(done.state, 'previewed', way);
    t.strictSame(done.counts.classes, { existing: PEOPLE.length }, way);
    t.strictSame(
      done.reading?.warnings.filter((warning) => !warning.startsWith('unmapped:')),
      [],
      `${way}: no column is in doubt`,
    );
    const found = (await rowsOf(service, id)).map((row) => row.lead_id);
    const listed = (await service.call('GET', '/v1/leads')).body.items.map((lead: { id: string }) => lead.id);
    t.strictSame(found, listed, `${way}: each row finds its own lead`);
  }
});
