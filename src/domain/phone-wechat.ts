/** A letter and 5–19 of letters, digits, `_`, `-`: the form that WeChat allows for an id. */
const ID = /^[a-z][\w-]{5,19}$/i;
/** `微信：…`, `VX: …`, `QQ 123456`; a Latin label needs something between, since `wx_demo123` is itself an id. */
const LABELLED =
  /(?:(?:微信|薇信|威信|v信|微(?=[:=]))号?[\s:.=()-]*|(?<![a-z\d_])(?:weixin|wechat|wx|vx|v|qq)号?[\s:.=(]+|qq号?[\s:.=(]*(?=\d))([a-z][\w-]{5,19}|\d{5,11})(?![\w@-])/i;
/** Typed to get past a form, or a label with a piece of a number: one identity for many people if it were believed. */
const JUNK =
  /^(?:test|demo|abc|asd|asdf|qwe|qwer|qwerty|aaa|none|null|user|admin|tel|telephone|phone|mobile|mob|cell|ext|no)[\d_-]*$/i;

/**
 * The WeChat id in a cell without a phone, lower-cased: one that is labelled (there a QQ number too, by which WeChat finds
 * people), or a cell that is nothing but an id with a digit or `_` in it. Bare digits and plain words are never guessed.
 */
export function findWechat(text: string): string | undefined {
  const labelled = LABELLED.exec(text)?.[1];
  if (labelled !== undefined && !/^(\d)\1+$/.test(labelled)) return labelled.toLowerCase();
  const bare = text.trim();
  const isName = !/[\d_]/.test(bare);
  const isSpelled = /^[xloi\d_-]+$/i.test(bare); // a mask, or a number in look-alikes
  if (!ID.test(bare) || isName || isSpelled || JUNK.test(bare)) return undefined;
  return bare.toLowerCase();
}
