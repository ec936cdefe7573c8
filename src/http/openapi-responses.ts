import { createHash } from 'node:crypto';
import { problemResponse } from './openapi-parts.ts';
import { PROBLEMS, type ProblemCode } from './problem-codes.ts';

type Json = Record<string, unknown>;

/** The responses of problems that operations have in common: each is written once, under a name that its codes give it. */
export interface SharedResponses {
  /** References by status to the responses of these codes. */
  readonly refer: (codes: readonly ProblemCode[]) => Readonly<Record<string, Json>>;
  /** Every response that was referred to, by name. */
  readonly all: () => Json;
}

/** Collects responses; with sixty operations of forty codes the document is a third of what it would be. */
export function shareResponses(): SharedResponses {
  const shared = new Map<string, Json>();
  const share = (status: number, codes: readonly ProblemCode[]): Json => {
    const name = nameOf(status, codes);
    shared.set(name, problemResponse(codes));
    return { $ref: `#/components/responses/${name}` };
  };
  return {
    refer: (codes) => {
      const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))].sort();
      return Object.fromEntries(
        statuses.map((status) => [
          String(status),
          share(
            status,
            codes.filter((code) => PROBLEMS[code].status === status),
          ),
        ]),
      );
    },
    all: () => Object.fromEntries([...shared.keys()].sort().map((name) => [name, shared.get(name)])),
  };
}

/** The code itself, or the status and a digest of the codes: the same codes have the same name whatever routes come. */
function nameOf(status: number, codes: readonly ProblemCode[]): string {
  if (codes.length === 1) return codes[0] ?? String(status);
  return `${status}_${createHash('sha256').update(codes.join()).digest('hex').slice(0, 8)}`;
}
