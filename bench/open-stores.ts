import type { Stage } from './stage.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const CALENDAR = JSON.stringify({
  zone: 'Asia/Shanghai',
  weekly: Object.fromEntries(DAYS.map((day) => [day, [['09:00', '18:00']]])),
  special: {},
});

/** Makes stores S0, S1, … open from nine to six, each with so many advisers `S0A1`, … who are always on shift and have no cap. */
export async function openStores(stage: Stage, url: string, stores: number, advisers: number): Promise<void> {
  await stage.query(
    url,
    `insert into store (code, name, calendar, created_at, updated_at)
      select 'S' || s, 'S' || s, '${CALENDAR}', now(), now()
      from generate_series(0, ${stores - 1}) s;
     insert into adviser (code, name, stores, created_at, updated_at)
      select 'S' || s || 'A' || a, 'A', array['S' || s], now(), now()
      from generate_series(0, ${stores - 1}) s, generate_series(1, ${advisers}) a;
     update directory set version = version + 1`,
  );
}
