import type { Session } from './session.ts';

const HOLD = { name: 'hold_score_models', text: 'lock table score_model in row exclusive mode' };
const ACTIVE = {
  name: 'active_score_model',
  text: `select version from score_model where state = 'active' and rescored_to is null`,
};

/** Lets no other model become active until the transaction ends; answers which is, null while everybody is still scored anew by it. */
export async function heldModelVersion(session: Session): Promise<number | null> {
  const [, rows] = await Promise.all([session.run(HOLD, []), session.run<{ readonly version: number }>(ACTIVE, [])]);
  return rows[0]?.version ?? null;
}
