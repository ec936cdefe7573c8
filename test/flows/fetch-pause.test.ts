import t from 'tap';
import { afterFetches, type FetchEnd, refillFetchPace, roomOf, startFetchPace } from '../../src/flows/fetch-pause.ts';

const NOW = 1_000_000_000_000;
const done: FetchEnd = { kind: 'done' };
const refused: FetchEnd = { kind: 'refused' };
const silent: FetchEnd = { kind: 'silent' };

t.test('a minute holds no more requests than its rate, and a batch no more than twenty', async (t) => {
  for (const perMinute of [1, 60, 200, 6000]) {
    let pace = startFetchPace(perMinute, NOW);
    let asked = 0;
    for (let second = 0; second < 60; second += 1) {
      const now = NOW + second * 1000;
      pace = refillFetchPace(pace, perMinute, 0, now);
      const room = roomOf(pace, now);
      t.ok(room <= 20);
      asked += room;
      pace = afterFetches(pace, Array(room).fill(done), now);
    }
    t.ok(asked <= perMinute + Math.max(1, perMinute / 60), `${asked} of ${perMinute}`);
    t.ok(asked >= 0.9 * Math.min(perMinute, 1200), `${asked} of ${perMinute}`);
  }
});

t.test('a batch of which nothing came off pauses, and then one is tried first', async (t) => {
  const full = startFetchPace(6000, NOW);
  const at = (pace: typeof full, seconds: number) =>
    roomOf(refillFetchPace(pace, 6000, 0, NOW + seconds * 1000), NOW + seconds * 1000);
  t.equal(at(full, 1), 20);
  const paused = afterFetches(full, [refused, refused], NOW);
  t.strictSame([at(paused, 59), at(paused, 60)], [0, 1]);
  const mute = afterFetches(full, [silent], NOW);
  t.strictSame([at(mute, 29), at(mute, 30)], [0, 1]);
  t.equal(at(afterFetches(paused, [done], NOW + 60_000), 121), 20, 'that one came off');
  t.equal(at(afterFetches(full, [refused, done], NOW), 1), 20, 'one lead alone is no reason');
  t.equal(at(afterFetches(full, [done, { kind: 'throttled', milliseconds: 90_000 }], NOW), 89), 0, 'a limit is');
});

t.test('a change of the source ends its pause', async (t) => {
  const paused = afterFetches(startFetchPace(6000, NOW), [refused], NOW);
  t.equal(roomOf(refillFetchPace(paused, 6000, 1, NOW + 1000), NOW + 1000), 20);
});

t.test('a round of nothing changes nothing', async (t) => {
  const pace = startFetchPace(60, NOW);
  t.equal(afterFetches(pace, [], NOW), pace);
});
