import t from 'tap';
import { dayStart, instantOf, isZone, wallOf } from '../../src/domain/zone.ts';

const at = (text: string) => Date.parse(text);
const wall = (text: string) => Date.parse(`${text}Z`);

t.test('a zone is one by its name', async (t) => {
  for (const zone of ['Asia/Shanghai', 'UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'asia/shanghai'])
    t.ok(isZone(zone), zone);
  for (const zone of ['', 'Asia', 'Asia/Beijing2', '+08:00', '-0500', 'Mars/Base', 'Asia/Shanghai ', '__proto__'])
    t.notOk(isZone(zone), zone);
});

t.test('what a wall clock shows', async (t) => {
  for (const [zone, moment, shown] of [
    ['Asia/Shanghai', '2026-06-01T16:00:00Z', '2026-06-02T00:00:00'],
    ['America/New_York', '2026-03-08T06:59:59Z', '2026-03-08T01:59:59'],
    ['America/New_York', '2026-03-08T07:00:00Z', '2026-03-08T03:00:00'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', '2026-10-04T02:30:00'],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', '2026-01-01T05:45:00'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31T00:00:00'],
  ] as const) {
    t.equal(wallOf(zone, at(moment)), wall(shown), `${zone} ${moment}`);
  }
  t.equal(wallOf('Asia/Shanghai', at('2026-06-01T00:00:00.123Z')) % 1000, 123, 'milliseconds stay');
  t.equal(wallOf('UTC', -1), -1, 'before 1970 too');
  t.throws(() => wallOf('Mars/Base', 0), RangeError);
});

t.test('when a wall clock shows a time: one that it shows twice, and one that it skips', async (t) => {
  for (const [zone, shown, earlier, later] of [
    ['Asia/Shanghai', '2026-06-01T09:00:00', '2026-06-01T01:00:00Z', '2026-06-01T01:00:00Z'],
    ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
    ['Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z', '2026-03-29T01:30:00Z'],
    ['America/New_York', '2026-11-01T01:00:00', '2026-11-01T05:00:00Z', '2026-11-01T06:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00Z', '2026-04-04T15:15:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:45:00Z', '2026-10-03T15:45:00Z'],
    ['Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T22:00:00Z', '2011-12-30T22:00:00Z'],
  ] as const) {
    t.equal(instantOf(zone, wall(shown), 'earlier'), at(earlier), `${zone} ${shown}, earlier`);
    t.equal(instantOf(zone, wall(shown), 'later'), at(later), `${zone} ${shown}, later`);
  }
});

t.test('when a day began', async (t) => {
  t.equal(dayStart('Asia/Shanghai', at('2026-06-01T15:59:59Z')), at('2026-05-31T16:00:00Z'));
  t.equal(dayStart('Asia/Shanghai', at('2026-06-01T16:00:00Z')), at('2026-06-01T16:00:00Z'));
  t.equal(dayStart('Africa/Cairo', at('2026-04-24T10:00:00Z')), at('2026-04-23T22:00:00Z'), 'it began at 01:00');
});
