const BASE64 = /^[\w+/-]{20,}={0,2}$/; // a number with everything people add to it is shorter, or holds signs that base64 has not
const LETTER = /[A-Za-z]/;

/** Whether what stands for a phone is cipher text: 20 characters or more of base64 or hex with letters among them. */
export function isCipherText(text: string): boolean {
  return BASE64.test(text) && LETTER.test(text);
}
