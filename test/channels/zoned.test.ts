import t from 'tap';
import { isZone, zonedInstant } from '../../src/channels/zoned.ts';

t.test('wall times in zones', async (t) => {
  const noon = Date.UTC(2026, 6, 1, 12);
  t.equal(zonedInstant(noon, 'Asia/Shanghai'), Date.UTC(2026, 6, 1, 4));
  t.equal(zonedInstant(noon, 'UTC'), noon);
  t.equal(zonedInstant(noon, 'Europe/Berlin'), Date.UTC(2026, 6, 1, 10));
  t.equal(zonedInstant(Date.UTC(2026, 0, 1, 12), 'Europe/Berlin'), Date.UTC(2026, 0, 1, 11));
  t.equal(zonedInstant(noon, 'Asia/Kathmandu'), Date.UTC(2026, 6, 1, 6, 15));
  t.equal(zonedInstant(noon, 'Nowhere/Never'), null);
});

t.test('zones that there are', async (t) => {
  t.ok(isZone('America/New_York'));
  t.notOk(isZone('Mars/Base'));
});
