// The limit: the same rows through the same set statements, without HTTP, one batch in flight; normalised beforehand.
import { randomBytes } from 'node:crypto';
import { normalise } from '../src/domain/normalise.ts';
import type { Draft } from '../src/domain/submission.ts';
import { createDirectoryBook } from '../src/flows/directory-book.ts';
import { ingest } from '../src/flows/ingest.ts';
import { type Prepared, prepare } from '../src/flows/prepare.ts';
import { createSeedSource } from '../src/flows/seed.ts';
import { createSealer } from '../src/sealer.ts';
import { openIngestConnection } from '../src/store/session.ts';
import { createVault } from '../src/vault.ts';
import { leadStream } from './leads.ts';

const [size, seconds, run, offset] = process.argv.slice(2);
const vault = createVault(createSealer(randomBytes(32), [], randomBytes(12)), randomBytes(32), 'raw');
const connection = await openIngestConnection(process.env['DATABASE_URL'] ?? '');
const seeds = createSeedSource();
const stream = leadStream(run ?? 'c', Number(offset));
const source = {
  id: process.env['BENCH_SOURCE'] ?? '',
  channel: null,
  completesLater: false,
  updateSemantics: false,
  conflicts: 'answer' as const,
  defaults: {},
};

function next(): Prepared {
  const draft = stream.next() as Draft;
  const raw = Buffer.from(JSON.stringify(draft));
  const submission = normalise(draft, {
    source,
    receivedAt: Date.now(),
    region: 'CN',
    deliveryId: null,
    requestKey: null,
    content: draft,
    mode: 'live',
    completes: null,
    refusal: null,
  });
  return prepare(submission, { raw, contentType: 'application/json', actor: 'bench', requestId: null }, vault, seeds);
}

const directory = createDirectoryBook();
let rows = 0;
let spent = 0;
while (spent < Number(seconds) * 1000) {
  const batch = Array.from({ length: Number(size) }, next);
  const began = performance.now();
  await ingest(connection, vault, batch, { at: Date.now(), directory });
  spent += performance.now() - began;
  rows += batch.length;
}
await connection.end();
process.stdout.write(`${JSON.stringify({ rows, perSecond: (rows * 1000) / spent })}\n`);
