const HAN_ONLY = /^\p{Script=Han}+$/u;

/** One name from its parts; Chinese parts go family name first, without a space between. */
export function fullName(given: string | null, family: string | null): string | null {
  if (given === null || family === null) return given ?? family;
  return HAN_ONLY.test(given) && HAN_ONLY.test(family) ? `${family}${given}` : `${given} ${family}`;
}
