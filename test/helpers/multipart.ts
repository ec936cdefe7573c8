/** One part of a form; with a file name it is a file. */
export interface Part {
  readonly name: string;
  readonly value: string | Buffer;
  readonly fileName?: string;
  readonly type?: string;
}

const BOUNDARY = '----clew-test-7MA4YWxkTrZu0gW';

/** A multipart/form-data body with its header. */
export function multipartBody(parts: readonly Part[]): {
  readonly raw: Buffer;
  readonly headers: Readonly<Record<string, string>>;
} {
  const pieces = parts.flatMap(({ name, value, fileName, type }) => {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`;
    const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n`;
    return [
      Buffer.from(`${head}${type === undefined ? '' : `content-type: ${type}\r\n`}\r\n`),
      Buffer.from(value),
      CRLF,
    ];
  });
  return {
    raw: Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  };
}

const CRLF = Buffer.from('\r\n');
