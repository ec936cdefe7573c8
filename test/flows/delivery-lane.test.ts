import t from 'tap';
import { DEFAULT_ENDPOINT_SETTINGS, type EndpointSettings, type SendingEndpoint } from '../../src/domain/endpoint.ts';
import { openLane } from '../../src/flows/delivery-lane.ts';

const ALONE = { rank: 0, size: 1 };

function sending(settings: Partial<EndpointSettings>): SendingEndpoint {
  const endpoint = {
    id: '00000000-0000-7000-8000-000000000001',
    settings: { ...DEFAULT_ENDPOINT_SETTINGS, ...settings },
  };
  return { endpoint, secrets: [], headers: {} } as unknown as SendingEndpoint;
}

/** Jobs that end when told to. */
function jobs() {
  const running: (() => void)[] = [];
  let back = 0;
  return {
    running,
    back: () => back,
    job: {
      send: () => new Promise<void>((resolve) => running.push(resolve)),
      giveBack: () => {
        back += 1;
      },
    },
  };
}

t.test('what is claimed counts until it is enqueued or passed over', async (t) => {
  const lane = openLane(sending({ concurrency: 4 }), 0, () => {});
  t.equal(lane.slots(0, ALONE, 100), 4);
  lane.reserve(3);
  t.equal(lane.slots(0, ALONE, 100), 1);
  lane.passOver();
  t.equal(lane.slots(0, ALONE, 100), 2);
  const { running, job } = jobs();
  lane.enqueue(job);
  lane.enqueue(job);
  t.equal(running.length, 2);
  t.equal(lane.slots(0, ALONE, 100), 2);
  t.equal(lane.slots(0, ALONE, 3), 1, 'of a fair share of three');
});

t.test('no more run than may, and halting gives back those that wait', async (t) => {
  const freed: number[] = [];
  const lane = openLane(sending({ concurrency: 2 }), 0, () => freed.push(1));
  const { running, back, job } = jobs();
  lane.slots(0, ALONE, 100);
  lane.reserve(5);
  for (let count = 0; count < 4; count += 1) lane.enqueue(job);
  t.equal(running.length, 2);
  running[0]?.();
  await new Promise(setImmediate);
  t.equal(running.length, 3);
  t.equal(freed.length, 1);
  lane.halt();
  t.equal(back(), 1);
  lane.enqueue(job);
  t.equal(back(), 2, 'and what comes later');
  t.equal(lane.underWay(), 2, 'what runs goes on');
});

t.test('when the breaker opens, what waits is given back and nothing more is claimed', async (t) => {
  const lane = openLane(sending({ concurrency: 1 }), 0, () => {});
  const { running, back, job } = jobs();
  lane.slots(0, ALONE, 100);
  lane.reserve(2);
  lane.enqueue(job);
  lane.enqueue(job);
  for (let count = 0; count < 10; count += 1) lane.ended('failing', 0, 0.5);
  t.equal(back(), 1);
  t.equal(running.length, 1);
  t.equal(lane.slots(999, ALONE, 100), 0);
  running[0]?.();
  await new Promise(setImmediate);
  t.equal(lane.slots(1_000, { rank: 1, size: 2 }, 100), 1, 'each process has a probe of its own');
});

t.test('a rate is shared by the processes', async (t) => {
  const lane = openLane(sending({ rate_limit: 10 }), 0, () => {});
  const crew = { rank: 0, size: 2 };
  t.equal(lane.slots(0, crew, 100), 1);
  t.equal(lane.slots(10_000, crew, 100), 5);
  lane.reserve(5);
  const { job } = jobs();
  for (let count = 0; count < 5; count += 1) lane.enqueue(job);
  t.equal(lane.slots(10_000, crew, 100), 0);
  t.equal(lane.heldFor(10_000, crew), 200);
});
