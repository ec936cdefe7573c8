const CODE = /^[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*$/;
// Seven digits in a row could be somebody's number.
const DIGITS = /\d{7,}/;

/**
 * A reason as an event and an erased person's rows may hold it: a code such as bought_competitor of at most 64 characters. Free
 * text, which may name somebody, is null here.
 */
export function codeOf(reason: string | null): string | null {
  return reason !== null && reason.length <= 64 && CODE.test(reason) && !DIGITS.test(reason) ? reason : null;
}
