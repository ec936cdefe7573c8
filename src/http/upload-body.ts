import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { problem } from './problem.ts';

/** What was said in a body, by name; values are texts, or JSON. */
export type SaidFields = Readonly<Record<string, unknown>>;

/** The body of an upload: the fields that came before the file, the file, and those behind it. */
export interface UploadBody {
  readonly fields: SaidFields;
  readonly fileName: string | null;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** All fields, once all bytes have been read: also those behind the file. */
  readonly rest: () => Promise<SaidFields>;
}

const FORM_LIMITS = { fields: 40, fieldSize: 256 * 1024, fieldNameSize: 100 } as const;

/** How much of a multipart body may be other than the file. */
export const FORM_BYTES = 1 << 20;

/** Opens a body as far as its file; nothing of the file is read yet. Throws `multipart_invalid`, `body_incomplete`. */
export async function openUpload(request: FastifyRequest): Promise<UploadBody> {
  refuseEncodings(request);
  if (!request.isMultipart()) {
    const bytes = request.raw.iterator({ destroyOnReturn: false });
    return { fields: {}, fileName: null, bytes, rest: async () => ({}) };
  }
  const parts = partsOf(request);
  const fields: Record<string, unknown> = {};
  const file = await readFields(parts, fields);
  if (file === null) throw problem('multipart_invalid', { detail: 'It has no file part.' });
  return {
    fields,
    fileName: file.filename === '' ? null : file.filename,
    bytes: explained(file.file.iterator({ destroyOnReturn: false })),
    rest: async () => {
      const second = await readFields(parts, fields);
      if (second !== null) throw problem('multipart_invalid', { detail: 'It has a second file part.' });
      return fields;
    },
  };
}

/** Reads on, to nowhere, what is left of a body that is refused: its sender may hear the answer only then. */
export function drainUpload({ raw }: FastifyRequest): void {
  raw.unpipe();
  raw.resume();
}

function partsOf(request: FastifyRequest): AsyncIterator<MultipartFile | MultipartValue> {
  const limits = { ...FORM_LIMITS, fileSize: Number.MAX_SAFE_INTEGER, files: 2, parts: FORM_LIMITS.fields + 2 };
  return explained(request.parts({ limits }))[Symbol.asyncIterator]();
}

/** Reads fields up to the next file, and answers it; null: there was none. */
async function readFields(
  parts: AsyncIterator<MultipartFile | MultipartValue>,
  fields: Record<string, unknown>,
): Promise<MultipartFile | null> {
  for (let next = await parts.next(); next.done !== true; next = await parts.next()) {
    const part = next.value;
    if (part.type === 'file') return part;
    if (part.valueTruncated === true) {
      throw problem('multipart_invalid', { detail: `A field may have ${FORM_LIMITS.fieldSize} bytes.` });
    }
    if (Object.hasOwn(fields, part.fieldname))
      throw problem('multipart_invalid', { detail: 'A field is there twice.' });
    if (part.value !== '') fields[part.fieldname] = part.value; // as a form sends what was left blank
  }
  return null;
}

/** The same, with the parser's errors as problems. */
async function* explained<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    const cut = code === 'FST_MP_PREMATURE_CLOSE' || code === 'ECONNRESET';
    throw problem(cut ? 'body_incomplete' : 'multipart_invalid', { cause: error });
  }
}

function refuseEncodings({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw problem('encoding_unsupported');
}
