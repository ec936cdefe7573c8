import { failed, type MappingLimits } from './mapping-messages.ts';
import { createMappingProcess, type MappingProcess } from './mapping-process.ts';
import type { Mapped, Mapper } from './outbound.ts';

/** What a mapper may take; `processes` evaluate side by side. */
export interface MapperLimits extends MappingLimits {
  readonly processes: number;
}

const DEFAULT_LIMITS: MapperLimits = { timeLimitMs: 200, sizeLimitBytes: 20_000, heapMb: 64, processes: 1 };

/**
 * A mapper with processes of its own, each started at its first use and replaced when it died. Evaluations wait for a free
 * one in the order of their coming; the time limit counts from when one is begun.
 */
export function createMapper(limits: Partial<MapperLimits> = {}): Mapper {
  const all = { ...DEFAULT_LIMITS, ...limits };
  const processes = Array.from({ length: all.processes }, () => createMappingProcess(all));
  const free: MappingProcess[] = [...processes];
  const waiting: ((process: MappingProcess) => void)[] = [];
  let closed = false;

  const take = (): Promise<MappingProcess> | MappingProcess =>
    free.pop() ?? new Promise<MappingProcess>((resolve) => waiting.push(resolve));

  function giveBack(one: MappingProcess): void {
    const next = waiting.shift();
    if (next === undefined) free.push(one);
    else next(one);
  }

  return {
    evaluate: async (expression, input): Promise<Mapped> => {
      const json = JSON.stringify(input) ?? 'null';
      const one = await take();
      try {
        if (closed) return failed('mapping_failed', 'the mapper is closed');
        const answer = await one.run({ expression, input: json });
        return answer.kind === 'mapped' ? { kind: 'mapped', value: JSON.parse(answer.text) } : answer;
      } finally {
        giveBack(one);
      }
    },
    close: async () => {
      closed = true;
      await Promise.all(processes.map((one) => one.close()));
    },
  };
}
