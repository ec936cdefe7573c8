import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  admitImportIn,
  beginUpload,
  receiveFile,
  tooLarge,
  type UploadDeps,
  type UploadInput,
} from '../../flows/upload-import.ts';
import { deleteUpload } from '../../store/import-upload.ts';
import { actOf } from '../act.ts';
import type { App, RouteDeps, Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { ImportAnswer } from '../schemas/import.ts';
import { FILE_TYPES, ImportBody, ImportQuery } from '../schemas/import-input.ts';
import { drainUpload, FORM_BYTES, openUpload, type UploadBody } from '../upload-body.ts';
import { uploadInput } from '../upload-input.ts';
import { type Check, validatorCompiler } from '../validators.ts';
import { importAnswer } from '../views/import.ts';

const ABOUT = `The file as the whole body (options in the query), or as the one file part of a multipart form with the options as fields of their own or in \`options\` as JSON. CSV in UTF-8, GB18030 or UTF-16, or XLSX; kept encrypted until it has been read, of any size up to CLEW_IMPORT_MAX_BYTES and CLEW_IMPORT_MAX_ROWS, and may take CLEW_UPLOAD_SECONDS to arrive.

Answered as soon as the bytes are kept; workers read it from then on, see GET /v1/imports/{id} and its \`progress\`. A file that cannot be read as a table ends as \`failed\` with a \`fault\`. With \`dry_run\` every row is judged and nothing written: it ends as \`previewed\` with the first 20 rows as they are mapped, and POST /v1/imports/{id}/run runs it for real within 7 days.

A row is known by its external id where a column gives one, else by the digest of file and options and its number: the same file with the same options again doubles nothing, with an Idempotency-Key or without. Under the same Idempotency-Key the same file with the same options is answered with the import that it has made, another one \`idempotency_conflict\`.`;

/** POST /v1/imports: a file of leads. */
export const importRoutes: Routes = (app, deps) => {
  app.register(async (app: App) => {
    app.removeAllContentTypeParsers();
    // The stream itself: a file is never in memory.
    app.addContentTypeParser([...FILE_TYPES], (_request, payload, done) => done(null, payload));
    await app.register(multipart);
    const check = deps.validators.text(ImportQuery);
    const compile = validatorCompiler(deps.validators);
    app.post('/v1/imports', {
      schema: {
        tags: ['imports'],
        summary: '导入: upload a file of leads',
        description: ABOUT,
        querystring: ImportQuery,
        body: ImportBody,
        response: { 202: ImportAnswer },
      },
      validatorCompiler: (route) => (route.httpPart === 'body' ? () => true : compile(route)),
      config: {
        scope: 'leads:write',
        idempotent: true,
        slowBody: true,
        problems: [
          'body_invalid',
          'body_incomplete',
          'encoding_unsupported',
          'file_empty',
          'file_too_large',
          'media_type_unsupported',
          'multipart_invalid',
          'source_paused',
          'state_conflict',
        ],
      },
      handler: async (request, reply) => {
        try {
          await takeUpload(deps, check, request, reply);
          return reply;
        } catch (error) {
          drainUpload(request);
          throw error;
        }
      },
    });
  });
};

type UploadRequest = FastifyRequest<{ Querystring: ImportQuery }>;

async function takeUpload(deps: RouteDeps, check: Check, request: UploadRequest, reply: FastifyReply): Promise<void> {
  const { db, vault, limits } = deps;
  const upload: UploadDeps = { db, vault, maxBytes: limits.importMaxBytes };
  if (Number(request.headers['content-length']) > upload.maxBytes + FORM_BYTES) throw tooLarge(upload.maxBytes);
  const { query } = request;
  await uploadInput(deps, request, check, { query, fields: {}, fileName: null }); // what the query says is checked before the body is read
  const body = await openUpload(request);
  const { fields, fileName } = body;
  const id = deps.newRequestId();
  const input = { id, ...(await uploadInput(deps, request, check, { query, fields, fileName })) };
  const act = actOf(request, deps);
  await beginUpload(upload, act, input);
  let admitted = false;
  try {
    const received = await receiveFile(upload, id, body.bytes);
    const settled = await settle(deps, check, request, body, input);
    const run: Parameters<typeof idempotent>[3] = async (tx) => {
      const made = await admitImportIn(tx, act, settled, received);
      admitted = true;
      const headers = { location: `/v1/imports/${id}` };
      return { status: 202, headers, body: importAnswer(made, act.at) };
    };
    const { id: _id, ...said } = settled;
    await idempotent(deps, request, reply, run, [received.digest, said]);
  } catch (error) {
    admitted = false;
    throw error;
  } finally {
    if (!admitted) await deleteUpload(db, id);
  }
}

/** What the upload is to be, once the fields behind the file are here too. */
async function settle(
  deps: RouteDeps,
  check: Check,
  request: UploadRequest,
  { fileName, rest }: UploadBody,
  input: UploadInput,
): Promise<UploadInput> {
  const fields = await rest();
  return { id: input.id, ...(await uploadInput(deps, request, check, { query: request.query, fields, fileName })) };
}
