const DIGIT = /[\p{N}零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]/gu;
const SHOWN = 4;

/** A phone as it was typed, for those who may not read it: all digits but the last four are stars, and at least half of them. */
export function maskTyped(typed: string): string {
  const digits = typed.match(DIGIT)?.length ?? 0;
  let hidden = digits - Math.min(SHOWN, Math.floor(digits / 2));
  return typed.replace(DIGIT, (digit) => {
    hidden -= 1;
    return hidden < 0 ? digit : '*';
  });
}
