import type { Policy, PolicyVersion } from '../domain/policy.ts';
import { DEFAULT_POLICY } from '../domain/policy.ts';
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

const CHANNELS = { name: 'read_channels', text: 'select code, default_kind from channel where code = any($1::text[])' };

/** The default touch kinds of the channels given; unknown codes are missing. */
export async function readChannelKinds(
  session: Session,
  codes: readonly string[],
): Promise<ReadonlyMap<string, TouchKind>> {
  const rows = await session.run<{ code: string; default_kind: TouchKind }>(CHANNELS, [texts(codes)]);
  return new Map(rows.map((row) => [row.code, row.default_kind]));
}

const SUPPRESSED = { name: 'read_suppressed', text: 'select token from suppression where token = any($1::text[])' };

/** Those of the keyed hashes that are on the do-not-process list. */
export async function readSuppressed(session: Session, tokens: readonly string[]): Promise<ReadonlySet<string>> {
  if (tokens.length === 0) return new Set();
  const rows = await session.run<{ token: string }>(SUPPRESSED, [texts(tokens)]);
  return new Set(rows.map((row) => row.token));
}
