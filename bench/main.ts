import { benchAssignment } from './assignment.ts';
import { benchBehaviours } from './behaviours.ts';
import { benchDelivery } from './delivery.ts';
import { benchHooks } from './hooks.ts';
import { benchImport } from './import.ts';
import { benchIngest } from './ingest.ts';
import { benchKillLedger } from './kill-ledger.ts';
import { benchScale } from './scale.ts';
import { benchSweeps } from './sweeps.ts';

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  ingest: benchIngest,
  assignment: benchAssignment,
  hooks: benchHooks,
  import: benchImport,
  scale: benchScale,
  sweeps: benchSweeps,
  behaviours: benchBehaviours,
  delivery: benchDelivery,
  'kill-ledger': benchKillLedger,
};

const name = process.argv[2] ?? '';
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(BENCHES).join(' | ')}\n`);
  process.exitCode = 2;
} else await bench();
