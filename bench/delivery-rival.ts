// A queue of others, in a process of its own: as published, each job one POST, settled after a 2xx.
import { Logger, makeWorkerUtils, run as runGraphile } from 'graphile-worker';
import PgBoss from 'pg-boss';
import { Pool } from 'undici';
import type { RivalQuestion, RivalSettings } from './delivery-rivals.ts';

const database = process.env['DATABASE_URL'] ?? '';
const connections = Number(process.env['CONNECTIONS']);
const target = new URL(process.env['TARGET'] ?? '');
const pool = new Pool(target.origin, { connections });
const FILLED_AT_ONCE = 1_000;
const PAUSE_MS = 50; // when a fetch found nothing

interface Queue {
  readonly fill: (body: object, jobs: number) => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function post(id: string, body: object): Promise<void> {
  const { statusCode, body: answer } = await pool.request({
    path: target.pathname,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'webhook-id': id },
    body: JSON.stringify(body),
  });
  await answer.dump();
  if (statusCode < 200 || statusCode > 299) throw new Error(`answered ${statusCode}`);
}

async function openPgBoss({ batch, loops }: Extract<RivalSettings, { rival: 'pg-boss' }>): Promise<Queue> {
  const boss = new PgBoss({ connectionString: database });
  boss.on('error', (error) => process.stderr.write(`${error}\n`));
  await boss.start();
  await boss.createQueue('send');
  let stopping = false;
  let running: Promise<unknown> = Promise.resolve();
  const loop = async (): Promise<void> => {
    while (!stopping) {
      const jobs = (await boss.fetch<object>('send', { batchSize: batch, priority: false })) ?? [];
      const done: string[] = [];
      const failed: string[] = [];
      await Promise.all(
        jobs.map(({ id, data }) =>
          post(id, data).then(
            () => done.push(id),
            () => failed.push(id),
          ),
        ),
      );
      if (done.length > 0) await boss.complete('send', done);
      if (failed.length > 0) await boss.fail('send', failed);
      if (jobs.length === 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  return {
    fill: async (body, jobs) => {
      for (let left = jobs; left > 0; left -= FILLED_AT_ONCE) {
        const count = Math.min(left, FILLED_AT_ONCE);
        await boss.insert(Array.from({ length: count }, () => ({ name: 'send', data: body })));
      }
    },
    start: async () => {
      running = Promise.all(Array.from({ length: loops }, loop));
    },
    stop: async () => {
      stopping = true;
      await running;
      await boss.stop({ graceful: false, wait: false });
    },
  };
}

async function openGraphile(settings: Extract<RivalSettings, { rival: 'graphile-worker' }>): Promise<Queue> {
  const { concurrency, localQueue, batchDelay } = settings;
  const logger = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({ connectionString: database, logger });
  await utils.migrate();
  let stop: () => Promise<void> = async () => undefined;
  return {
    fill: async (body, jobs) => {
      for (let left = jobs; left > 0; left -= FILLED_AT_ONCE) {
        const count = Math.min(left, FILLED_AT_ONCE);
        await utils.addJobs(Array.from({ length: count }, () => ({ identifier: 'send', payload: body })));
      }
    },
    start: async () => {
      const preset = {
        worker: {
          concurrentJobs: concurrency,
          maxPoolSize: concurrency + 1,
          localQueue: { size: localQueue },
          completeJobBatchDelay: batchDelay,
          failJobBatchDelay: batchDelay,
        },
      };
      const taskList = { send: (body: unknown, { job }: { job: { id: string } }) => post(job.id, body as object) };
      const runner = await runGraphile({ connectionString: database, logger, noHandleSignals: true, preset, taskList });
      stop = () => runner.stop();
    },
    stop: async () => {
      await stop();
      await utils.release();
    },
  };
}

const settings = JSON.parse(process.env['SETTINGS'] ?? '{}') as RivalSettings;
const queue = settings.rival === 'pg-boss' ? openPgBoss(settings) : openGraphile(settings);

async function answer(question: RivalQuestion): Promise<void> {
  switch (question.kind) {
    case 'fill':
      return (await queue).fill(JSON.parse(question.body), question.jobs);
    case 'start':
      return (await queue).start();
    case 'stop':
      return (await queue).stop();
  }
}

process.on('message', (question: { readonly number: number } & RivalQuestion) => {
  answer(question)
    .then(() => process.send?.({ number: question.number, value: null }))
    .catch((error) => {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    });
});
process.on('disconnect', () => process.exit(0));
