import t from 'tap';
import { DEFAULT_CALENDAR, type Hours } from '../../src/domain/calendar.ts';
import { calendarFaults } from '../../src/domain/check-calendar.ts';

const WEEK = { zone: 'Asia/Shanghai', weekly: {} };
const faults = (calendar: Parameters<typeof calendarFaults>[0]) =>
  calendarFaults(calendar).map(({ path, code }) => `${path} ${code}`);

t.test('sound calendars have no faults', async (t) => {
  t.strictSame(faults(DEFAULT_CALENDAR), []);
  t.strictSame(faults(WEEK), [], 'one that never opens');
  const split: readonly Hours[] = [
    ['13:30', '18:00'],
    ['09:00', '12:00'],
    ['12:00', '13:00'],
  ];
  t.strictSame(faults({ ...WEEK, weekly: { mon: split }, special: { '2028-02-29': [] } }), []);
  t.strictSame(faults({ ...WEEK, weekly: { sun: [['22:00', '06:00']], mon: [['06:00', '24:00']] } }), []);
});

t.test('faults are named by their place', async (t) => {
  t.strictSame(faults({ ...WEEK, zone: 'Asia/Beijing' }), ['/zone not_listed']);
  const overlapping: readonly Hours[] = [
    ['09:00', '12:00'],
    ['08:00', '09:01'],
    ['11:59', '13:00'],
  ];
  t.strictSame(faults({ ...WEEK, weekly: { tue: overlapping } }), ['/weekly/tue/0 overlap', '/weekly/tue/2 overlap']);
  const night: readonly Hours[] = [['22:00', '06:00']];
  t.strictSame(
    faults({ ...WEEK, weekly: { sun: night, mon: [['05:00', '12:00']] } }),
    ['/weekly/mon/0 overlap'],
    'the night of the day before lasts into it, across the week too',
  );
  t.strictSame(faults({ ...WEEK, weekly: { mon: [['24:00', '02:00']] } }), ['/weekly/mon/0/0 format']);
  const special = { '2026-02-30': [], '2026-13-01': [], '2026-10-01': overlapping };
  t.strictSame(faults({ ...WEEK, special }), [
    '/special/2026-02-30 format',
    '/special/2026-13-01 format',
    '/special/2026-10-01/0 overlap',
    '/special/2026-10-01/2 overlap',
  ]);
});
