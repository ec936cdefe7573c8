// tap runs this before the first test file: one PostgreSQL for the whole run, with a migrated database to clone.
import { share, startKeeper } from './helpers/postgres.ts';

await share(process.ppid, await startKeeper(process.ppid));
