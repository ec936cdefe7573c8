import type { Stage } from './stage.ts';

/** Makes stores S0, S1, … that never close, each with so many advisers `S0A1`, … without a cap. */
export async function openStores(stage: Stage, url: string, stores: number, advisers: number): Promise<void> {
  await stage.query(
    url,
    `insert into store (code, name, calendar, created_at, updated_at)
      select 'S' || s, 'S' || s, '{"zone":"Asia/Shanghai","weekly":{},"special":{}}', now(), now()
      from generate_series(0, ${stores - 1}) s;
     insert into adviser (code, name, stores, created_at, updated_at)
      select 'S' || s || 'A' || a, 'A', array['S' || s], now(), now()
      from generate_series(0, ${stores - 1}) s, generate_series(1, ${advisers}) a;
     update directory set version = version + 1`,
  );
}
