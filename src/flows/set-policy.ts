import { canonicalJson } from '../domain/canonical.ts';
import { Fault } from '../domain/fault.ts';
import type { Policy } from '../domain/policy.ts';
import type { Tx } from '../store/database.ts';
import { activePolicy, insertPolicy, type SetPolicy } from '../store/policies.ts';
import { type Act, auditAct } from './act.ts';

/** A whole policy that is to replace the version that its author saw. */
export interface PolicyChange {
  readonly seen: number;
  readonly document: Policy;
  readonly reason: string;
}

/** Makes the next version of the policy, or answers the active one where nothing differs; throws `version_conflict`, `not_found`. */
export async function setPolicy(tx: Tx, act: Act, { seen, document, reason }: PolicyChange): Promise<SetPolicy> {
  const active = await activePolicy(tx);
  if (active === null)
    throw new Fault('not_found', null, 'There is no policy yet: the service makes one at its start.');
  if (active.version !== seen) throw outdated(active.version);
  if (canonicalJson(active.document) === canonicalJson(document)) return active;
  const next = { version: seen + 1, document, reason, actor: act.actor, createdAt: act.at };
  // Whoever saw the same version and came first has taken the number.
  if (!(await insertPolicy(tx, next))) throw outdated(seen + 1);
  const changed = (Object.keys(document) as (keyof Policy)[]).filter(
    (name) => canonicalJson(document[name]) !== canonicalJson(active.document[name]),
  );
  const values = (policy: Policy) => Object.fromEntries(changed.map((name) => [name, policy[name]]));
  const detail = { version: next.version, before: values(active.document), after: values(document) };
  await auditAct(tx, act, 'policy.set', { kind: 'policy', id: String(next.version) }, detail, reason);
  return next;
}

function outdated(version: number): Fault {
  return new Fault('version_conflict', null, `The policy has version ${version} now.`);
}
