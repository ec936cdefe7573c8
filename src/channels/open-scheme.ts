import type { Authenticity, Push, Setup } from './channel.ts';
import { readScheme } from './read-scheme.ts';
import { verify } from './signature.ts';
import { NAMED_SCHEMES } from './signature-presets.ts';

/** Schema of the setting `scheme` of platforms whose way of signing is not known. */
export const OPEN_SCHEME: Readonly<Record<string, unknown>> = {
  type: ['string', 'object'],
  default: 'none',
  description: `How pushes are signed; what the platform does is not known. none: nothing is checked, a secret is not used, and only the address of the source protects it; else ${Object.keys(NAMED_SCHEMES).join(', ')}, or an object with method, algorithm, template, encoding, signature and so on, perhaps { like: "s4", … }.`,
};

/** Whether a push is signed as the setting `scheme` says; without one nothing is checked, and a scheme that is not known lets nothing in. */
export function openAuthenticity(push: Push, { secrets, settings }: Setup): Authenticity {
  const scheme = readScheme(settings['scheme'] ?? 'none');
  if (scheme === 'none') return { kind: 'authentic' };
  return scheme === null
    ? {
        kind: 'refused',
        code: 'secret_missing',
        detail: 'The setting `scheme` of the source is no way of signing that can be checked.',
      }
    : verify(scheme, push, secrets);
}
