/** What kind of number it is; `relay` is said by a source only, a relay number is never a key. */
export type PhoneKind = 'mobile' | 'landline' | 'relay' | 'other';

/** How much the number's head and digits are worth as a lead; it informs rating and reports and refuses nothing. */
export type PhoneQuality = 'known' | 'unknown_head' | 'virtual' | 'data_card' | 'iot' | 'repeated_digits';

/** Why a phone cell gives no key; `phone_not_personal` is a 400, 800, 95…, 96… or other service number. */
export type PhoneRefusal =
  | 'phone_scientific_notation'
  | 'phone_masked'
  | 'phone_invalid'
  | 'phone_relay'
  | 'phone_not_personal';

/** Something to know about a phone that was read all the same. */
export type PhoneWarning =
  | 'phone_placeholder_suspect'
  | 'phone_lookalike_repaired'
  | 'phone_chinese_numerals_read'
  | 'phone_scientific_read'
  | 'phone_remark'
  | 'phone_part_refused';

/** What one phone cell came to. */
export type PhoneVerdict =
  /** Blank, or a placeholder that counts as blank. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly code: PhoneRefusal; readonly hint: string }
  /** A WeChat id (lower-cased) was typed where the phone belongs, and no phone beside it. */
  | { readonly kind: 'other_identity'; readonly wechat: string }
  | {
      readonly kind: 'phone';
      /** E.164, with `;ext=101` after RFC 3966 where a landline has an extension. */
      readonly e164: string;
      readonly phoneKind: PhoneKind;
      readonly quality: PhoneQuality;
      /** Further valid numbers of the cell, in the same form as `e164`, in the order typed. */
      readonly others: readonly string[];
      /** Codes of {@link PhoneWarning}. */
      readonly warnings: readonly string[];
    };

const HINTS: Readonly<Record<PhoneRefusal, string>> = {
  phone_scientific_notation:
    'A spreadsheet turned the number into scientific notation and lost digits; format the column as text and export it again.',
  phone_masked: 'Digits are hidden by a mask; send the full number.',
  phone_invalid: 'Not a valid phone number; send a full number, with + and the country code when it is a foreign one.',
  phone_relay:
    'A privacy relay number is shared and expires, so it names nobody; send the platform lead id or the real number.',
  phone_not_personal:
    'A service number (400, 800, 95…, 96… or a short code) is not a person’s own; send a personal number.',
};

/** The refusal of a cell under this code, with its hint for whoever corrects it. */
export function refusePhone(code: PhoneRefusal): Extract<PhoneVerdict, { kind: 'refused' }> {
  return { kind: 'refused', code, hint: HINTS[code] };
}
