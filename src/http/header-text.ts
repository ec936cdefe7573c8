import { problem } from './problem.ts';

/**
 * The text of a header: node reads bytes as latin-1, so UTF-8 is read again as such, and percent-encoded UTF-8 is
 * decoded. Null where the header is absent; throws `header_invalid` where it is blank or longer than `most` characters.
 */
export function headerText(value: string | readonly string[] | undefined, name: string, most: number): string | null {
  if (value === undefined) return null;
  const text = decode(typeof value === 'string' ? value : value.join(', ')).trim();
  if (text.length >= 1 && text.length <= most) return text;
  throw headerProblem(name, 'length', `must have 1 to ${most} characters`);
}

/** The problem of one unusable header. */
export function headerProblem(name: string, code: string, message: string): Error {
  return problem('header_invalid', { errors: [{ path: `/${name}`, code, message }] });
}

function decode(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  const text = bytes.toString('utf8');
  const read = text.includes('\uFFFD') ? value : text;
  if (!read.includes('%')) return read;
  try {
    return decodeURIComponent(read);
  } catch {
    return read; // a per cent sign that is one
  }
}
