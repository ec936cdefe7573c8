const LONGEST = 300;
const BRACKETS = /\[(?:\d{1,9}|\*)\]/g;

/** Whether a value is no path into a record: brackets hold a number or a star, and no segment is empty. */
export function isFaultyPath(value: unknown): boolean {
  if (typeof value !== 'string' || value.trim() === '' || value.length > LONGEST) return true;
  const plain = value.replace(BRACKETS, '');
  return plain.includes('[*') || /^\.|\.\.|\.$/.test(plain);
}
