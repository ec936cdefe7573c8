import { type RerunDone, type RerunStep, rerunRatings } from '../flows/rerun-ratings.ts';
import { createSeedSource } from '../flows/seed.ts';
import { answer, type Command, JSON_FLAG } from './command.ts';
import { openVault } from './open-vault.ts';
import { withDatabase } from './with-database.ts';

const SIZE = 500; // leads of a transaction, in which their people are locked

const rerun: Command = {
  name: 'ratings rerun',
  summary: 'Rate every open lead again by the present policy.',
  positionals: [],
  flags: { 'dry-run': { description: 'Say what would change, and write nothing.' }, ...JSON_FLAG },
  run: (given, io) =>
    withDatabase(io, async ({ database: { db }, config }) => {
      const vault = await openVault(db, config, io);
      const mode = given.flags['dry-run'] === true ? 'dry_run' : 'write';
      const seeds = createSeedSource();
      const counts: Record<string, number> = {};
      let looked = 0;
      let changed = 0;
      let after: string | null = null;
      do {
        const call = { actor: 'cli', requestId: null, at: io.now(), vault, seeds };
        const step: RerunStep = { after, size: SIZE, mode };
        const done: RerunDone = await db.transaction().execute((tx) => rerunRatings(tx, call, step));
        looked += done.looked;
        changed += done.changes.length;
        for (const { from, to } of done.changes) {
          const move = `${from ?? 'none'}>${to ?? 'none'}`;
          counts[move] = (counts[move] ?? 0) + 1;
        }
        after = done.next;
      } while (after !== null);
      const moves = Object.entries(counts).map(([move, count]) => `  ${move}  ${count}`);
      const said = mode === 'dry_run' ? 'would be rated otherwise' : 'are rated otherwise';
      const lines = [`${changed} of ${looked} open leads ${said}`, ...moves];
      return answer(given, io, { dry_run: mode === 'dry_run', looked, changed, counts }, lines);
    }),
};

export const ratingCommands: readonly Command[] = [rerun];
