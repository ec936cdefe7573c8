import type { Policy, PolicyVersion } from '../domain/policy.ts';
import { DEFAULT_POLICY } from '../domain/policy.ts';
import type { ScoreDocument } from '../domain/score-model.ts';
import type { TouchKind } from '../domain/submission.ts';
import { texts } from './column.ts';
import type { Session } from './session.ts';

const POLICY = {
  name: 'read_policy',
  text: 'select version, document from policy order by version desc limit 1',
};

/** The active policy; numbers that a stored document does not name have their defaults. */
export async function readPolicy(session: Session): Promise<PolicyVersion> {
  const [row] = await session.run<{ version: number; document: Partial<Policy> }>(POLICY, []);
  return row === undefined
    ? { version: 0, document: DEFAULT_POLICY }
    : { version: row.version, document: { ...DEFAULT_POLICY, ...row.document } };
}

/** The version of the score model that routes. */
export interface RoutingModel {
  readonly version: number;
  readonly document: ScoreDocument;
  readonly activatedAt: number;
}

/** What judging a batch asks of tables that change seldom. */
export interface Rules {
  readonly policy: PolicyVersion;
  readonly channels: ReadonlyMap<string, TouchKind>; // default touch kinds; unknown codes are missing
  readonly directoryVersion: number;
  readonly scoreModel: RoutingModel | null; // null: nothing is scored, or everybody still is, by one that has just become active
  readonly suppressed: ReadonlySet<string>; // those of the keyed hashes that are on the do-not-process list
}

// One statement for five small tables: each statement of a batch costs some 40 µs on both sides.
const RULES = {
  name: 'read_rules',
  text: `select p.version, p.document, (select d.version from directory d) as directory_version,
      (select json_build_object('version', m.version, 'document', m.document, 'activatedAt', extract(epoch from m.activated_at) * 1000)
        from score_model m where m.state = 'active' and m.rescored_to is null) as score_model,
      (select json_object_agg(c.code, c.default_kind) from channel c where c.code = any($1::text[])) as channels,
      (select json_agg(s.token) from suppression s where s.token = any($2::text[])) as suppressed
    from (values (1)) one left join (select version, document from policy order by version desc limit 1) p on true`,
};

/** The active policy, the kinds of the channels given, and which of the keyed hashes are suppressed. */
export async function readRules(
  session: Session,
  channels: readonly string[],
  tokens: readonly string[],
): Promise<Rules> {
  const [row] = await session.run<{
    version: number | null;
    document: Partial<Policy> | null;
    channels: Readonly<Record<string, TouchKind>> | null;
    suppressed: readonly string[] | null;
    directory_version: number | null;
    score_model: RoutingModel | null;
  }>(RULES, [texts(channels), texts(tokens)]);
  return {
    policy: { version: row?.version ?? 0, document: { ...DEFAULT_POLICY, ...row?.document } },
    channels: new Map(Object.entries(row?.channels ?? {})),
    suppressed: new Set(row?.suppressed ?? []),
    directoryVersion: row?.directory_version ?? 0,
    scoreModel: row?.score_model ?? null,
  };
}
