const BREAK = /[;；\n]/;
const PAIR = /^\s*([^:：]{1,40}?)\s*[:：](?!\/\/)(.*)$/su; // 40: a longer label is a sentence; a colon before // is of an address
const MOST = 200;

/**
 * The values of a text such as `地区:浙江杭州;备注:周末;` by their labels, or null where it does not begin with a label. A piece
 * without a label goes on the value before it, and a label that comes again is numbered: nothing is lost.
 */
export function readPairs(text: string): Readonly<Record<string, string>> | null {
  const pairs: [string, string][] = [];
  for (const piece of text.split(BREAK)) {
    const found = pairs.length < MOST ? PAIR.exec(piece) : null;
    const last = pairs.at(-1);
    if (found !== null) pairs.push([found[1] ?? '', (found[2] ?? '').trim()]);
    else if (piece.trim() === '') continue;
    else if (last === undefined) return null;
    else last[1] = `${last[1]};${piece.trim()}`;
  }
  return pairs.length === 0 ? null : Object.fromEntries(numbered(pairs));
}

function numbered(pairs: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const names = new Set<string>();
  return pairs.map(([label, value]) => {
    let name = label;
    for (let count = 2; names.has(name); count++) name = `${label} ${count}`;
    names.add(name);
    return [name, value] as const;
  });
}
