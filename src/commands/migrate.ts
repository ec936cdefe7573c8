import { answer, type Command, JSON_FLAG } from './command.ts';
import { withDatabase } from './with-database.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Bring the database up to the schema of this build.',
  positionals: [],
  flags: JSON_FLAG,
  details: () => 'serve does so too at its start; any number of processes may at once.',
  run: (given, io) =>
    withDatabase(io, async ({ migrated }) => {
      const { version, applied } = migrated;
      const did = applied.length === 0 ? 'nothing to do' : `applied ${applied.join(', ')}`;
      return answer(given, io, migrated, [`the schema is at version ${version}: ${did}`]);
    }),
};
