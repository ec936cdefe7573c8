/** What people and exporters write for "no phone"; compared in lower case without brackets and spaces. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  ...['0', '0.0', 'nan', 'null', 'nil', 'none', 'undefined', 'n/a', '#n/a', 'na', 'no', 'empty', 'blank', 'unknown'],
  ...['无', '無', '没有', '空', '空白', '暂无', '无电话', '没有电话', '无号码', '无手机', '无手机号', '未知', '不详'],
  ...['未填', '未填写', '未提供', '未留', '未留电话', '不方便', '保密'],
]);

/** Whether cleaned text stands for an empty cell: blank, punctuation only, or one of the usual words. */
export function isPhonePlaceholder(text: string): boolean {
  if (text.length > 40) return false;
  // A cell of stars is not empty: something was there and is hidden.
  if (!/[^\p{P}\p{Sm}\p{Sk}\s]/u.test(text) && !text.includes('*')) return true;
  return PLACEHOLDERS.has(text.toLowerCase().replace(/[\s()[\]{}<>【】]/g, ''));
}
