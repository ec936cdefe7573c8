import { randomBytes } from 'node:crypto';
import type { Instant } from '../../src/domain/instant.ts';
import type { Act } from '../../src/flows/act.ts';
import { newId } from '../../src/flows/new-id.ts';

/** Who does something in a test, at a moment of its choice. */
export function testAct(at: Instant, actor = 'key:tester'): Act {
  return { actor, at, requestId: 'req-1', newId: () => newId(at, randomBytes), chance: randomBytes };
}
