import { randomFillSync } from 'node:crypto';
import type { Instant } from '../domain/instant.ts';
import type { IdSeed } from '../domain/seed.ts';

/** Draws id seeds; chance comes in blocks, since asking the system for each would cost more than the id. */
export interface SeedSource {
  readonly draw: (at: Instant) => IdSeed;
}

const BLOCK = 4096;
const BYTES = 7; // 54 bits and the variant, see IdSeed

/** A source of id seeds. */
export function createSeedSource(): SeedSource {
  const block = Buffer.alloc(BLOCK - (BLOCK % BYTES));
  let used = block.length;
  return {
    draw: (at) => {
      if (used === block.length) {
        randomFillSync(block);
        used = 0;
      }
      const hex = block.toString('hex', used, used + BYTES);
      used += BYTES;
      const time = at.toString(16).padStart(12, '0');
      const variant = ((Number.parseInt(hex.charAt(0), 16) & 0x3) | 0x8).toString(16);
      return {
        time: `${time.slice(0, 8)}-${time.slice(8)}`,
        chance: `${variant}${hex.slice(1, 4)}-${hex.slice(4)}`,
      };
    },
  };
}
