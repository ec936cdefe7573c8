const BLOCK_BITS = 20;
const BLOCK_BYTES = 2 ** BLOCK_BITS; // 1 MiB: growing never copies what is there

/** Many texts held compactly, by number from 0. */
export interface TextStore {
  readonly add: (text: string) => void;
  /** How many bytes are held, 4 a text for its place included. */
  readonly bytes: () => number;
  /** The text of that number; null: there is none. */
  readonly at: (index: number) => string | null;
}

/** An empty store: UTF-8 in blocks of 1 MiB, no object a text; up to 4 GiB. */
export function createTextStore(): TextStore {
  const blocks: Buffer[] = [];
  let ends = new Uint32Array(1024);
  let count = 0;
  let used = 0;

  function write(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; ) {
      const start = used % BLOCK_BYTES;
      if (start === 0) blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES));
      const taken = bytes.copy(blocks.at(-1) as Buffer, start, from);
      from += taken;
      used += taken;
    }
  }

  function read(from: number, to: number): string {
    const first = Math.floor(from / BLOCK_BYTES);
    const last = Math.floor(to / BLOCK_BYTES);
    const start = from % BLOCK_BYTES;
    if (first === last) return blocks[first]?.toString('utf8', start, to % BLOCK_BYTES) ?? '';
    const parts = blocks.slice(first, last + 1).map((block, index) => {
      const end = index === last - first ? to % BLOCK_BYTES : BLOCK_BYTES;
      return block.subarray(index === 0 ? start : 0, end);
    });
    return Buffer.concat(parts).toString('utf8');
  }

  return {
    add: (text) => {
      write(Buffer.from(text, 'utf8'));
      if (count === ends.length) ends = grown(ends);
      ends[count] = used;
      count += 1;
    },
    bytes: () => used + 4 * count,
    at: (index) => (index >= 0 && index < count ? read(ends[index - 1] ?? 0, ends[index] ?? 0) : null),
  };
}

function grown(full: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(full.length * 2);
  larger.set(full);
  return larger;
}
