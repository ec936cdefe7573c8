import type { Instant } from './instant.ts';

/** Buckets that ids are spread over: the 12 `rand_a` bits of a UUIDv7. */
export const BUCKETS = 4096;

/** Writes a UUIDv7 of a moment and a bucket (0–4095) with 8 bytes of chance, of which 62 bits are used. */
export function uuidv7(at: Instant, bucket: number, chance: Uint8Array): string {
  const time = at.toString(16).padStart(12, '0');
  let tail = '';
  for (let index = 0; index < 8; index += 1) {
    const byte = chance[index] ?? 0;
    tail += (index === 0 ? (byte & 0x3f) | 0x80 : byte).toString(16).padStart(2, '0');
  }
  const head = `${time.slice(0, 8)}-${time.slice(8)}-7${bucket.toString(16).padStart(3, '0')}`;
  return `${head}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** Whether a text is a UUID in the form that the service writes. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}
