import fc from 'fast-check';
import t from 'tap';
import {
  addBusiness,
  type BusinessCalendar,
  businessBetween,
  DEFAULT_CALENDAR,
  type Hours,
  isOpenAt,
  nextOpening,
  openings,
  WEEKDAYS,
} from '../../src/domain/calendar.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/zone.ts';

const at = (text: string) => Date.parse(text);
const iso = (moment: number | null) => (moment === null ? null : new Date(moment).toISOString().replace('.000', ''));

/** The same hours every day of the week. */
function daily(zone: string, hours: readonly Hours[], special: BusinessCalendar['special'] = {}): BusinessCalendar {
  return { zone, weekly: Object.fromEntries(WEEKDAYS.map((day) => [day, hours])), special };
}

/** The openings that begin before a moment, as texts. */
function listed(calendar: BusinessCalendar, from: string, until: string): readonly string[] {
  const found: string[] = [];
  for (const opening of openings(calendar, at(from))) {
    if (opening.from >= at(until)) break;
    found.push(`${iso(opening.from)}/${iso(opening.until)}`);
  }
  return found;
}

t.test('scenario 79: the deadline by rating, in the hours of the store', async (t) => {
  const due = (captured: string, hours: number) => iso(addBusiness(DEFAULT_CALENDAR, at(captured), hours * HOUR_MS));
  const monday = '2026-06-01T17:30:00+08:00';
  t.equal(due(monday, 1), iso(at('2026-06-02T09:30:00+08:00')), 'high');
  t.equal(due(monday, 9), iso(at('2026-06-02T17:30:00+08:00')), 'medium');
  t.equal(due(monday, 18), iso(at('2026-06-03T17:30:00+08:00')), 'low');
  const late = '2026-06-01T20:00:00+08:00';
  t.equal(due(late, 1), iso(at('2026-06-02T10:00:00+08:00')), 'high, captured when it is closed');
  t.equal(due(late, 9), iso(at('2026-06-02T18:00:00+08:00')), 'the moment of closing, not the next opening');
  t.equal(due(late, 18), iso(at('2026-06-03T18:00:00+08:00')));
  t.equal(due(late, 0), iso(at(late)), 'nothing to wait for');
  t.equal(due('2026-06-02T18:00:00+08:00', 1), iso(at('2026-06-03T10:00:00+08:00')), 'the end is not open');
  t.equal(due('2026-06-02T09:00:00+08:00', 1), iso(at('2026-06-02T10:00:00+08:00')), 'the begin is');
});

t.test('closed days, holidays and days with hours of their own', async (t) => {
  const calendar: BusinessCalendar = {
    zone: 'Asia/Shanghai',
    weekly: {
      thu: [['09:00', '18:00']],
      fri: [
        ['09:00', '12:00'],
        ['13:30', '18:00'],
      ],
      sat: [['10:00', '12:00']],
    },
    special: { '2026-10-01': [], '2026-10-04': [['09:00', '10:00']] }, // a Thursday and a Sunday
  };
  t.strictSame(listed(calendar, '2026-09-30T00:00:00Z', '2026-10-09T00:00:00Z'), [
    '2026-10-02T01:00:00Z/2026-10-02T04:00:00Z',
    '2026-10-02T05:30:00Z/2026-10-02T10:00:00Z',
    '2026-10-03T02:00:00Z/2026-10-03T04:00:00Z',
    '2026-10-04T01:00:00Z/2026-10-04T02:00:00Z',
    '2026-10-08T01:00:00Z/2026-10-08T10:00:00Z',
  ]);
  const noon = at('2026-10-02T12:30:00+08:00');
  t.notOk(isOpenAt(calendar, noon), 'closed at noon');
  t.equal(iso(nextOpening(calendar, noon)), '2026-10-02T05:30:00Z');
  t.ok(isOpenAt(calendar, at('2026-10-02T13:30:00+08:00')));
  t.notOk(isOpenAt(calendar, at('2026-10-01T10:00:00+08:00')), 'closed on the holiday');
  t.equal(businessBetween(calendar, at('2026-10-01T00:00:00+08:00'), at('2026-10-05T00:00:00+08:00')), 10.5 * HOUR_MS);
});

t.test('hours across midnight, until 24:00 and all day', async (t) => {
  const night = daily('Asia/Shanghai', [['22:00', '06:00']]);
  t.ok(isOpenAt(night, at('2026-06-02T05:59:59.999+08:00')), 'of yesterday still');
  t.notOk(isOpenAt(night, at('2026-06-02T06:00:00+08:00')));
  t.equal(iso(addBusiness(night, at('2026-06-02T05:00:00+08:00'), 2 * HOUR_MS)), '2026-06-02T15:00:00Z');
  const friday: BusinessCalendar = { ...night, weekly: { fri: [['22:00', '06:00']] } };
  t.ok(isOpenAt(friday, at('2026-06-06T03:00:00+08:00')), 'the Saturday morning is of the Friday');
  t.notOk(isOpenAt(friday, at('2026-06-05T03:00:00+08:00')));
  const closed = { ...friday, special: { '2026-06-06': [] } };
  t.ok(isOpenAt(closed, at('2026-06-06T03:00:00+08:00')), 'a closed day does not end what began before it');
  const toMidnight = daily('Asia/Shanghai', [['20:00', '24:00']]);
  t.strictSame(listed(toMidnight, '2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z'), [
    '2026-06-01T12:00:00Z/2026-06-01T16:00:00Z',
  ]);
  for (const whole of [daily('UTC', [['00:00', '24:00']]), daily('UTC', [['00:00', '00:00']])]) {
    const from = at('2026-06-01T12:34:56Z');
    t.equal(addBusiness(whole, from, 300 * HOUR_MS), from + 300 * HOUR_MS, 'always open: as time goes');
  }
});

t.test('spans that overlap count once', async (t) => {
  const day = daily('UTC', [
    ['09:00', '13:00'],
    ['08:00', '12:00'],
    ['10:00', '11:00'],
    ['13:00', '14:00'],
  ]);
  t.strictSame(listed(day, '2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z'), [
    '2026-06-01T08:00:00Z/2026-06-01T12:00:00Z',
    '2026-06-01T12:00:00Z/2026-06-01T13:00:00Z',
    '2026-06-01T13:00:00Z/2026-06-01T14:00:00Z',
  ]);
  const nights = daily('UTC', [
    ['20:00', '10:00'],
    ['09:00', '11:00'],
  ]);
  t.equal(businessBetween(nights, at('2026-06-02T00:00:00Z'), at('2026-06-03T00:00:00Z')), 15 * HOUR_MS);
});

t.test(
  'daylight saving: the wall clock is kept to, and a span across the change is an hour shorter or longer',
  async (t) => {
    const hoursOf = (zone: string, hours: Hours, date: string) => {
      const [opening] = listed(daily(zone, [hours]), `${date}T00:00:00Z`, `${date}T23:59:59Z`).filter((it) =>
        it.startsWith(date),
      );
      const [from = '', until = ''] = opening?.split('/') ?? [];
      return [from.slice(11), until.slice(11), (at(until) - at(from)) / HOUR_MS];
    };
    const shop: Hours = ['09:00', '18:00'];
    for (const [zone, date, from, until] of [
      ['America/New_York', '2026-03-07', '14:00:00Z', '23:00:00Z'],
      ['America/New_York', '2026-03-08', '13:00:00Z', '22:00:00Z'],
      ['Europe/Berlin', '2026-03-28', '08:00:00Z', '17:00:00Z'],
      ['Europe/Berlin', '2026-03-29', '07:00:00Z', '16:00:00Z'],
      ['Europe/Berlin', '2026-10-25', '08:00:00Z', '17:00:00Z'],
      ['Asia/Kolkata', '2026-06-01', '03:30:00Z', '12:30:00Z'],
      ['Asia/Kathmandu', '2026-06-01', '03:15:00Z', '12:15:00Z'],
    ] as const) {
      t.strictSame(hoursOf(zone, shop, date), [from, until, 9], `${zone} ${date}`);
    }
    // In spring 02:00 to 03:00 is not there in Berlin, and in New York; in autumn 02:00 and 01:00 come twice.
    t.strictSame(hoursOf('Europe/Berlin', ['01:00', '05:00'], '2026-03-29'), ['00:00:00Z', '03:00:00Z', 3]);
    t.strictSame(hoursOf('Europe/Berlin', ['02:30', '05:00'], '2026-03-29'), ['01:30:00Z', '03:00:00Z', 1.5]);
    t.strictSame(hoursOf('Europe/Berlin', ['02:30', '05:00'], '2026-10-25'), ['00:30:00Z', '04:00:00Z', 3.5]);
    t.strictSame(
      hoursOf('Europe/Berlin', ['02:30', '03:00'], '2026-03-29'),
      ['', '', Number.NaN],
      'none of it is left',
    );
    t.strictSame(hoursOf('America/New_York', ['01:00', '02:00'], '2026-11-01'), ['05:00:00Z', '07:00:00Z', 2]);
    t.strictSame(hoursOf('America/New_York', ['00:00', '01:30'], '2026-11-01'), ['04:00:00Z', '06:30:00Z', 2.5]);
    t.strictSame(hoursOf('America/New_York', ['01:30', '04:00'], '2026-03-08'), ['06:30:00Z', '08:00:00Z', 1.5]);
    // Lord Howe turns its clock by half an hour: 02:00 to 02:30 is not there, 01:30 to 02:00 comes twice.
    const howe = daily('Australia/Lord_Howe', [['01:00', '03:00']]);
    t.equal(businessBetween(howe, at('2026-10-03T00:00:00Z'), at('2026-10-03T23:00:00Z')), 1.5 * HOUR_MS);
    t.equal(businessBetween(howe, at('2026-04-04T00:00:00Z'), at('2026-04-04T23:00:00Z')), 2.5 * HOUR_MS);
    // Where midnight itself is skipped or doubled, a day joins the next without a gap, and nothing counts twice.
    for (const zone of ['Africa/Cairo', 'Asia/Beirut', 'America/Havana', 'Atlantic/Azores']) {
      const always = daily(zone, [['00:00', '24:00']]);
      const [from, until] = [at('2026-01-01T00:00:00Z'), at('2026-12-31T00:00:00Z')];
      t.equal(businessBetween(always, from, until), until - from, zone);
    }
  },
);

t.test('what opens never, or not often enough, has no moment', async (t) => {
  const now = at('2026-06-01T00:00:00Z');
  const never = daily('Asia/Shanghai', []);
  t.strictSame(
    [addBusiness(never, now, 1), nextOpening(never, now), businessBetween(never, now, now + 9 * DAY_MS)],
    [null, null, 0],
  );
  t.notOk(isOpenAt(never, now));
  t.equal(addBusiness(never, now, 0), now);
  const once = daily('UTC', [], { '2026-06-10': [['09:00', '10:00']] });
  t.equal(iso(addBusiness(once, now, HOUR_MS)), '2026-06-10T10:00:00Z');
  t.equal(addBusiness(once, now, HOUR_MS + 1), null);
  t.equal(addBusiness(DEFAULT_CALENDAR, now, 1e12), null);
});

const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
const clock = (minute: number) =>
  [Math.floor(minute / 60), minute % 60].map((n) => String(n).padStart(2, '0')).join(':');
const hours: fc.Arbitrary<Hours> = fc
  .tuple(minutes, fc.integer({ min: 1, max: 24 * 60 }))
  .map(([from, until]) => [clock(from), clock(until)] as const);
const dayHours = fc.array(hours, { maxLength: 3 });
const calendars: fc.Arbitrary<BusinessCalendar> = fc.record({
  zone: fc.constantFrom(
    'Asia/Shanghai',
    'America/New_York',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'Africa/Cairo',
    'Asia/Kolkata',
  ),
  weekly: fc.record(Object.fromEntries(WEEKDAYS.map((day) => [day, dayHours])), { requiredKeys: [] }),
  special: fc.dictionary(fc.constantFrom('2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01'), dayHours),
});
// Half of them near a change of a clock.
const changes = [
  '2026-03-08T07:00Z',
  '2026-03-29T01:00Z',
  '2026-10-25T01:00Z',
  '2026-10-03T15:30Z',
  '2026-04-23T22:00Z',
];
const moments = fc.oneof(
  fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2026-12-31T00:00Z') }),
  fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS })).map(([c, d]) => at(c) + d),
);
const spans = fc.integer({ min: 0, max: 40 * DAY_MS });
const work = fc.integer({ min: 0, max: 60 * HOUR_MS });
const RUNS = { numRuns: 300 };

t.test('laws', async (t) => {
  fc.assert(
    fc.property(calendars, moments, (calendar, from) => {
      let last = Number.NEGATIVE_INFINITY;
      let seen = 0;
      for (const opening of openings(calendar, from)) {
        if (seen++ > 60) break;
        if (opening.from < from || opening.from < last || opening.until <= opening.from) return false;
        last = opening.until;
      }
      return true;
    }),
    RUNS,
  );
  t.pass('openings are in order, disjoint, not empty and not before the moment asked from');
  fc.assert(
    fc.property(calendars, moments, work, (calendar, from, n) => {
      const end = addBusiness(calendar, from, n);
      return end === null || (end >= from && businessBetween(calendar, from, end) === n);
    }),
    RUNS,
  );
  t.pass('between a moment and that moment plus n lies n');
  fc.assert(
    fc.property(calendars, moments, spans, work, work, (calendar, from, later, n, more) => {
      const [a, b, c] = [
        addBusiness(calendar, from, n),
        addBusiness(calendar, from + later, n),
        addBusiness(calendar, from, n + more),
      ];
      return (a === null || b === null || b >= a) && (a === null || c === null || c >= a) && (a !== null || c === null);
    }),
    RUNS,
  );
  t.pass('it never goes back: neither for a later begin nor for more hours');
  fc.assert(
    fc.property(calendars, moments, spans, spans, (calendar, from, one, two) => {
      const [middle, end] = [from + one, from + one + two];
      const parts = businessBetween(calendar, from, middle) + businessBetween(calendar, middle, end);
      return businessBetween(calendar, from, end) === parts && parts <= one + two;
    }),
    RUNS,
  );
  t.pass('parts of an interval add up, to no more than the time that passes');
  fc.assert(
    fc.property(calendars, moments, (calendar, moment) => {
      const open = businessBetween(calendar, moment, moment + 1) === 1;
      const next = nextOpening(calendar, moment);
      return open === isOpenAt(calendar, moment) && (next === null || (next >= moment && isOpenAt(calendar, next)));
    }),
    RUNS,
  );
  t.pass('open is when a millisecond counts, and the next opening is open');
});

t.test('what is kept of a calendar changes no answer', async (t) => {
  const calendar = daily('America/New_York', [['09:00', '17:00']]);
  const ask = (of: BusinessCalendar, year: number) => iso(addBusiness(of, at(`${year}-03-07T12:00:00Z`), 20 * HOUR_MS));
  for (let year = 2000; year < 2030; year += 1) {
    businessBetween(calendar, at(`${year}-01-01T00:00:00Z`), at(`${year + 1}-01-01T00:00:00Z`));
    t.equal(ask(calendar, year), ask({ ...calendar }, year), `${year}`);
  }
  t.equal(ask(calendar, 2000), ask({ ...calendar }, 2000), 'and of what was let go');
});

t.test('a deadline is cheap to find', async (t) => {
  const monday = at('2026-06-01T17:30:00+08:00');
  const calls = 20_000;
  const run = () => {
    const began = process.hrtime.bigint();
    for (let i = 0; i < calls; i += 1) addBusiness(DEFAULT_CALENDAR, monday + i * MINUTE_MS, 18 * HOUR_MS);
    return Number(process.hrtime.bigint() - began) / 1000 / calls;
  };
  run();
  const [best = 0] = [run(), run(), run()].sort((a, b) => a - b);
  t.comment(`${best.toFixed(2)} µs each`);
  t.ok(best < 250, 'some 5 µs where nothing else runs; making a clock for each call would be 100 times that');
});

t.test(
  'deadlines by hand: holidays, nights, clocks that change, days wholly closed, the end of the year',
  async (t) => {
    const week: readonly Hours[] = [['09:00', '18:00']];
    const newYear = { '2026-12-31': [['09:00', '12:00']], '2027-01-01': [] } as const;
    const golden = { '2026-10-01': [], '2026-10-02': [], '2026-10-03': [], '2026-10-04': [] };
    const weekdays: BusinessCalendar = {
      zone: 'Europe/Berlin',
      weekly: { mon: week, tue: week, wed: week, thu: week, fri: week },
      special: {},
    };
    const night = (zone: string) => daily(zone, [['22:00', '06:00']]);
    const cases: readonly (readonly [string, BusinessCalendar, string, number, string])[] = [
      [
        'a short day, then a closed one, over the year',
        daily('Asia/Shanghai', week, newYear),
        '2026-12-31T11:00:00+08:00',
        9,
        '2027-01-02T17:00:00+08:00',
      ],
      [
        'captured on the closed day itself',
        daily('Asia/Shanghai', week, newYear),
        '2027-01-01T10:00:00+08:00',
        1,
        '2027-01-02T10:00:00+08:00',
      ],
      [
        'four holidays in a row',
        daily('Asia/Shanghai', week, golden),
        '2026-09-30T17:30:00+08:00',
        1,
        '2026-10-05T09:30:00+08:00',
      ],
      [
        'a holiday that is worked at night only',
        daily('Asia/Shanghai', week, { '2026-10-01': [['20:00', '02:00']] }),
        '2026-09-30T17:00:00+08:00',
        8,
        '2026-10-02T10:00:00+08:00',
      ],
      ['a weekend', weekdays, '2026-06-05T17:00:00+02:00', 9, '2026-06-08T17:00:00+02:00'],
      [
        'a weekend in which the clock goes forward',
        weekdays,
        '2026-03-27T17:00:00+01:00',
        9,
        '2026-03-30T17:00:00+02:00',
      ],
      ['a weekend in which the clock goes back', weekdays, '2026-10-23T17:00:00+02:00', 9, '2026-10-26T17:00:00+01:00'],
      [
        'a night shift, from before midnight',
        night('Asia/Shanghai'),
        '2026-06-01T23:00:00+08:00',
        9,
        '2026-06-03T00:00:00+08:00',
      ],
      [
        'a night shift over the year',
        night('Asia/Shanghai'),
        '2026-12-31T23:30:00+08:00',
        1,
        '2027-01-01T00:30:00+08:00',
      ],
      [
        'a night that is an hour short: seven are left of it',
        night('Europe/Berlin'),
        '2026-03-28T22:00:00+01:00',
        8,
        '2026-03-29T23:00:00+02:00',
      ],
      [
        'a night that is an hour long: nine are in it',
        night('Europe/Berlin'),
        '2026-10-24T22:00:00+02:00',
        9,
        '2026-10-25T06:00:00+01:00',
      ],
      [
        'the same in New York, forward',
        night('America/New_York'),
        '2026-03-07T22:00:00-05:00',
        8,
        '2026-03-08T23:00:00-04:00',
      ],
      ['and back', night('America/New_York'), '2026-10-31T22:00:00-04:00', 9, '2026-11-01T06:00:00-05:00'],
      ['a leap day', daily('Asia/Shanghai', week), '2028-02-28T17:00:00+08:00', 18, '2028-03-01T17:00:00+08:00'],
    ];
    for (const [what, calendar, from, hours, due] of cases) {
      t.equal(iso(addBusiness(calendar, at(from), hours * HOUR_MS)), iso(at(due)), what);
      t.equal(businessBetween(calendar, at(from), at(due)), hours * HOUR_MS, `${what}, and back`);
    }
  },
);
