import type { ImportClass } from './import.ts';
import type { Outcome } from './outcome.ts';

/** Whether the person of a row was known: to nobody, before the file, or by an earlier row of it. */
export type Acquaintance = 'nobody' | 'known' | 'named';

/** The one word for what became of a row; a replayed refusal is what it was refused as. */
export function classOf(outcome: Pick<Outcome, 'decision' | 'refusal'>, person: Acquaintance): ImportClass {
  switch (outcome.decision) {
    case 'replayed':
      return outcome.refusal === null ? 'replayed' : refusedClass(outcome.refusal.code);
    case 'quarantined':
    case 'conflict':
      return refusedClass(outcome.refusal?.code ?? '');
    case 'suppressed':
    case 'test':
    case 'parked':
      return 'other';
    case 'created':
    case 'merged':
    case 'reactivated':
    case 'repurchase':
    case 'after_lost':
    case 'late':
    case 'updated':
    case 'noise':
      return CLASS_OF[person];
  }
}

const CLASS_OF: Readonly<Record<Acquaintance, ImportClass>> = {
  nobody: 'new',
  known: 'existing',
  named: 'repeated_in_file',
};

const REFUSED: Readonly<Record<string, ImportClass>> = {
  phone_invalid: 'phone_unusable',
  phone_masked: 'phone_unusable',
  phone_scientific_notation: 'phone_unusable',
  phone_relay: 'phone_unusable',
  phone_not_personal: 'phone_unusable',
  phone_empty: 'phone_empty',
  date_invalid: 'date_invalid',
};

function refusedClass(code: string): ImportClass {
  return (Object.hasOwn(REFUSED, code) ? REFUSED[code] : undefined) ?? 'other_error';
}
