/** The place of one process among those that deliver. */
export interface Crew {
  readonly rank: number; // from 0
  readonly size: number;
}

/**
 * What a process may take of a cap that counts for all of them together: the shares of a crew add up to the cap. Those who get one
 * more, or any at all where the cap is smaller than the crew, differ from endpoint to endpoint.
 */
export function shareOf(cap: number, endpointId: string, { rank, size }: Crew): number {
  const turn = (rank + Number.parseInt(endpointId.slice(-8), 16)) % size;
  return Math.floor(cap / size) + (turn < cap % size ? 1 : 0);
}
