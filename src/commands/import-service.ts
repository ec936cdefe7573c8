import { createReadStream } from 'node:fs';
import { Agent, type Dispatcher, request } from 'undici';
import { CommandError } from './command.ts';
import type { LocalFile, RemoteService } from './import-asked.ts';

/** A running service as its callers see it. Everything throws a CommandError with exit 2 for what it refuses or where it cannot be reached. */
export interface ServiceClient {
  readonly get: <T>(path: string, headers?: Readonly<Record<string, string>>) => Promise<T>;
  readonly stream: (path: string, headers: Readonly<Record<string, string>>) => Promise<AsyncIterable<Uint8Array>>;
  readonly upload: <T>(path: string, upload: Upload) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** A file on its way, with the fields before it. */
export interface Upload {
  readonly file: LocalFile;
  readonly fields: Readonly<Record<string, string>>;
  readonly sent: (bytes: number) => void;
  readonly stopped: AbortSignal;
}

/** A service that does not answer, or not as it should just now: asking again may help. */
export class ServiceAway extends CommandError {}

const CONNECT_MS = 10_000;
const ANSWER_MS = 60_000;
const UPLOAD_ANSWER_MS = 3_600_000; // the answer comes after the last byte

/** A client of a service, with connections of its own. */
export function serviceClient({ url, key }: RemoteService, boundary: string): ServiceClient {
  const dispatcher = new Agent({ connect: { timeout: CONNECT_MS }, headersTimeout: ANSWER_MS });
  const authorization = `Bearer ${key}`;

  async function send(path: string, options: Partial<Dispatcher.RequestOptions>): Promise<Dispatcher.ResponseData> {
    const headers = { ...(options.headers as Record<string, string> | undefined), authorization };
    const reply = await request(`${url}${path}`, { method: 'GET', ...options, headers, dispatcher }).catch((error) => {
      throw new ServiceAway(2, `the service at ${url} cannot be reached (${reasonOf(error)})`, { cause: error });
    });
    if (reply.statusCode >= 200 && reply.statusCode < 300) return reply;
    throw refusal(url, reply.statusCode, await reply.body.text().catch(() => ''));
  }

  return {
    get: async <T>(path: string, headers: Readonly<Record<string, string>> = {}) =>
      (await (await send(path, { headers })).body.json()) as T,
    stream: async (path, headers) => (await send(path, { headers })).body,
    upload: async <T>(path: string, upload: Upload) => {
      const { head, tail } = partsOf(upload.fields, boundary);
      const body = multipart(upload, head, tail);
      const length = head.length + upload.file.bytes + tail.length;
      const headers = { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(length) };
      const reply = await send(path, {
        method: 'POST',
        headers,
        body: body as never,
        headersTimeout: UPLOAD_ANSWER_MS,
      });
      return (await reply.body.json()) as T;
    },
    close: () => dispatcher.destroy(),
  };
}

/** What stands before and behind the file in the body. */
function partsOf(
  fields: Readonly<Record<string, string>>,
  boundary: string,
): { readonly head: Buffer; readonly tail: Buffer } {
  const before = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="file"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  return { head: Buffer.from(before.join('') + file), tail: Buffer.from(`\r\n--${boundary}--\r\n`) };
}

async function* multipart({ file, sent, stopped }: Upload, head: Buffer, tail: Buffer): AsyncGenerator<Uint8Array> {
  yield head;
  yield* fileBytes(file, sent, stopped);
  yield tail;
}

/** The bytes of a file, counted on their way; throws once it is told to stop. */
export async function* fileBytes(
  { path }: LocalFile,
  sent: (bytes: number) => void,
  stopped: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    stopped.throwIfAborted();
    yield piece;
    bytes += piece.length;
    sent(bytes);
  }
}

interface ProblemAnswer {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string; readonly hint?: string }[];
}

function refusal(url: string, status: number, text: string): CommandError {
  const { code, title = '', detail = '', hint = '', errors = [] } = parsed(text);
  if (code === undefined) {
    const sentence = `${url} answered ${status}, and not as clew does: see whether the address is right`;
    return status >= 500 ? new ServiceAway(2, sentence) : new CommandError(2, sentence);
  }
  const faults = errors.map(
    (one) => `${one.path.slice(1)} ${one.message}.${one.hint === undefined ? '' : ` ${one.hint}`}`,
  );
  const said = faults.length > 0 ? faults : [detail === '' ? `${title}.` : detail, hint];
  const sentence = `the service refused it (${code}): ${said.filter((one) => one !== '').join(' ')}`;
  return status === 429 || status >= 500 ? new ServiceAway(2, sentence) : new CommandError(2, sentence);
}

function parsed(text: string): ProblemAnswer {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return code ?? message ?? String(error);
}
