import { createHash } from 'node:crypto';

/** A page that a plain form is answered with. */
export interface FormPage {
  readonly title: string;
  readonly message: string;
  readonly back: string | null; // the address of the form; null: it is not known
}

const STYLE =
  'body{margin:0;font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:#222;background:#f6f7f9}' +
  'main{max-width:26rem;margin:18vh auto 0;padding:2rem;background:#fff;border-radius:12px;text-align:center}' +
  'h1{font-size:1.4rem;margin:0 0 .5rem}p{margin:.5rem 0}a{color:#1457c8}' +
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#111}main{background:#1c1c1e}a{color:#8ab4f8}}';
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** What such a page may do: show itself, with its one style. No script, no image, no form. */
export const FORM_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/** A small page that needs nothing else; every text in it is escaped. */
export function formPage({ title, message, back }: FormPage): string {
  const link = isWebAddress(back) ? `<p><a href="${escaped(back)}">返回</a></p>` : '';
  return [
    '<!doctype html>',
    '<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    `<meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${STYLE}</style></head>`,
    `<body><main><h1>${escaped(title)}</h1><p>${escaped(message)}</p>${link}</main></body></html>`,
  ].join('');
}

/** A link may lead to a page and not to a script. */
function isWebAddress(text: string | null): text is string {
  return text !== null && /^https?:\/\//i.test(text) && URL.canParse(text);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
