/** What a Content-Type says: the type in lower case, '' when there is none, and its charset, null when it names none. */
export interface ContentType {
  readonly type: string;
  readonly charset: string | null;
}

/** Reads a Content-Type header; never throws, whatever it holds. */
export function contentTypeOf(header: string | undefined): ContentType {
  const [type = '', ...parameters] = (header ?? '').split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)/i.exec(parameter)?.[1])
    .find((found) => found !== undefined);
  return { type: type.trim().toLowerCase(), charset: charset?.toLowerCase() ?? null };
}
