/** What counts as no value besides the common texts: 未命名 of names, 0 and -1 of ids and of whatever advertising fills in. */
export type AbsentKind = 'plain' | 'name' | 'id';

const COMMON: ReadonlySet<string> = new Set([
  ...[
    '',
    '-',
    '--',
    '---',
    '—',
    '——',
    '–',
    '/',
    '\\n',
    'null',
    'nil',
    'nan',
    'n/a',
    '#n/a',
    'none',
    'undefined',
    'unknown',
  ],
  ...['(null)', '[]', '{}', '无', '無', '暂无', '空', '未知', '不详', '未填', '未填写', '未提供', '(空)', '请选择'],
]);
const NAMES: ReadonlySet<string> = new Set(['未命名', '匿名', '匿名用户', '无名', '未命名用户', 'anonymous']);
const IDS: ReadonlySet<string> = new Set(['0', '-1', '0.0', '-1.0', 'na', 'not set', '(not set)']);
/** A macro that the platform did not fill in: __CAMPAIGN_ID__, {{campaign.id}}, {keyword}, %%CLICK_URL%%. */
const MACRO = /^(?:__[A-Z0-9_]{1,60}__|\{\{[^{}]{1,60}\}\}|\{[a-z_.]{1,60}\}|\$\{[^{}]{1,60}\}|%%[A-Za-z_]{1,60}%%)$/;
const LONGEST = 70;
const PLAIN = /^[ -~\u4e00-\u9fff]*$/; // folding changes nothing

/** Whether a text means that there is no value; `more` are texts that a map names besides, in lower case. */
export function isAbsent(text: string, kind: AbsentKind, more: ReadonlySet<string>): boolean {
  if (text.length > LONGEST) return more.size > 0 && more.has(text.trim().toLowerCase());
  const plain = (PLAIN.test(text) ? text : text.normalize('NFKC')).trim().toLowerCase();
  if (COMMON.has(plain) || more.has(plain)) return true;
  switch (kind) {
    case 'plain':
      return false;
    case 'name':
      return NAMES.has(plain);
    case 'id':
      return IDS.has(plain) || MACRO.test(text.trim());
  }
}
