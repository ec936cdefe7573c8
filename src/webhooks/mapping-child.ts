import { writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Job, MappingLimits } from './mapping-messages.ts';
import { createMappingWorker } from './mapping-worker.ts';

// The process that evaluates expressions: a line in is a job, a line out its answer, one after the other. The first line
// in holds the limits. It ends when its input does, and so outlives nobody, however that one died.

// Where memory is short the kernel ends this process before any other; elsewhere than on Linux there is no such file.
await writeFile('/proc/self/oom_score_adj', '1000').catch(() => {});

const input = new Socket({ fd: 0, readable: true, writable: false });
const output = new Socket({ fd: 1, readable: false, writable: true });
output.on('error', () => {}); // nobody reads any more
const lines = createInterface({ input })[Symbol.asyncIterator]();

const first = await lines.next();
if (!first.done) await answerAll(JSON.parse(first.value) as MappingLimits);

async function answerAll(limits: MappingLimits): Promise<void> {
  const worker = createMappingWorker(limits);
  input.once('close', () => void worker.close()); // what is under way has nobody to answer to
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    output.write(`${JSON.stringify(await worker.run(JSON.parse(line.value) as Job))}\n`);
  }
  await worker.close();
}
