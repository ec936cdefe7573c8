// A process with an embedded PostgreSQL in it, to be killed by a test. Prints its connection string; on SIGINT drains as
// the service does: a last query, then stop.
import pg from 'pg';
import { startEmbedded } from '../../src/store/embedded.ts';

const server = await startEmbedded({
  dataDir: process.argv[2] ?? '',
  settings: { fsync: 'off', shared_buffers: '16MB' },
  log: () => {},
});
process.on('SIGINT', () => {
  drain().then(
    () => process.exit(0),
    (error) => {
      console.log(String(error));
      process.exit(1);
    },
  );
});
console.log(server.url);

async function drain(): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('select 1');
  await client.end();
  console.log('drained');
  await server.stop();
}
