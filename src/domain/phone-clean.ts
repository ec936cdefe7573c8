/**
 * The cell as plain text: compatibility forms folded (NFKC), invisible characters gone, and every dash, space, quote
 * and mask glyph written one way; line breaks stay, since they part several numbers.
 */
export function cleanPhoneText(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[\t\r]/g, ' ')
    .replace(/[\u2028\u2029]/g, '\n')
    .replace(/[\p{Cf}\p{Variation_Selector}]|[^\P{Cc}\n]/gu, '') // zero width, bidi marks, soft hyphen, BOM, controls
    .replace(/[\p{Pd}\u2212\u30fc\u2500\u2501]/gu, '-') // minus, the kana bar and box-drawing lines are typed as dashes
    .replace(/[·・‧∙⋅]/g, '.')
    .replace(/[×✕✖✗✘✱✲∗⁎⁕●•○◦■□█▇◆◇★☆]/g, '*')
    .replace(/\ufffd/g, '?')
    .replace(/["'`´“”‘’„«»「」『』]/g, '') // ="138…" and the leading ' of a spreadsheet
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf)) // Arabic digits end in 0–9
    .replace(/^[\s=]+/, '')
    .trimEnd();
}
