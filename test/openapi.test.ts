import { readdir, readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import t from 'tap';
import { documentText } from '../src/http/openapi.ts';
import { PROBLEMS, type ProblemCode } from '../src/http/problem-codes.ts';
import { recordingCapture } from './helpers/recording-capture.ts';
import { ROOT } from './helpers/root.ts';
import { startService } from './helpers/service.ts';

interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly examples?: object }>>;
}
interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, Response & { readonly $ref?: string }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly examples: object;
  };
}

async function read(path: string): Promise<string> {
  return readFile(new URL(path, ROOT), 'utf8');
}

t.test('the reference', async (t) => {
  const { version } = JSON.parse(await read('package.json')) as { version: string };
  const { app, call } = await startService(t, { capture: recordingCapture(), version });
  const text = documentText(app);
  const document = JSON.parse(text) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );

  t.test('is valid OpenAPI 3.1', async (t) => {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(text));
    t.equal(result.valid, true, JSON.stringify(result.errors ?? '', null, 1).slice(0, 2000));
    t.equal(validator.version, '3.1');
    for (const [, ref] of text.matchAll(/"\$ref": "([^"]+)"/g)) {
      const found = (ref ?? '')
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      t.ok(found, `${ref} is there`);
    }
  });

  t.test('is committed as the routes say it', async (t) => {
    const committed = await read('openapi/openapi.json').catch(() => '');
    t.ok(committed === text, 'openapi/openapi.json is stale: npm run openapi -- --write');
  });

  t.test('is what the service answers', async (t) => {
    t.equal((await call('GET', '/openapi.json', { key: null })).text, text);
  });

  t.test('names every route of the app, and no other', async (t) => {
    for (const { name, path } of operations) {
      const [method = ''] = name.split(' ');
      t.ok(app.hasRoute({ method: method.toUpperCase() as 'GET', url: path.replace(/\{(\w+)\}/g, ':$1') }), name);
    }
    const folder = new URL('src/http/routes/', ROOT);
    const files = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
    const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
    const written = texts.flatMap((text) => [...text.matchAll(/app\.(get|post|put|patch|delete)\(\s*'([^']+)'/g)]);
    t.ok(written.length >= 40, `${written.length} routes were seen`);
    for (const [, method, url = ''] of written) {
      const name = `${method} ${url.replace(/:(\w+)/g, '{$1}')}`;
      t.ok(
        operations.some((operation) => operation.name === name),
        `${name} is in the reference`,
      );
    }
  });

  t.test('every operation has a tag of the list, a summary, an answer and its problems', async (t) => {
    const tags = (JSON.parse(text) as { tags: { name: string }[] }).tags.map(({ name }) => name);
    for (const { name, path, operation } of operations) {
      t.ok(operation.tags?.length === 1 && tags.includes(operation.tags[0] ?? ''), `${name} has a tag`);
      t.ok((operation.summary ?? '').length > 3, `${name} has a summary`);
      t.ok(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        `${name} can succeed`,
      );
      t.ok(operation.responses['500'], `${name} can fail`);
      const keyed = path.startsWith('/v1/') && (operation.security?.length ?? 0) > 0;
      for (const status of keyed ? ['401', '403', '429', '503'] : [])
        t.ok(operation.responses[status], `${name} has ${status}`);
    }
  });

  t.test('every problem that an operation lists has its status, and an example', async (t) => {
    const listed = new Set<string>();
    for (const { name, operation } of operations) {
      for (const [status, { $ref, ...own }] of Object.entries(operation.responses)) {
        const response = $ref === undefined ? own : document.components.responses[$ref.split('/').at(-1) ?? ''];
        const codes = Object.keys(response?.content?.['application/problem+json']?.examples ?? {});
        if (Number(status) >= 400) t.ok(codes.length > 0, `${name} ${status} names its codes`);
        for (const code of codes) {
          listed.add(code);
          t.equal(PROBLEMS[code as ProblemCode].status, Number(status), `${name} ${code}`);
          t.ok(response?.description.includes(`\`${code}\``), `${name} ${status} describes ${code}`);
        }
      }
    }
    for (const code of Object.keys(PROBLEMS)) t.ok(code in document.components.examples, `${code} has an example`);
    // These are answered before a route is found; every other code is of some route.
    const ofNoRoute = [
      'headers_too_large',
      'method_not_allowed',
      'request_malformed',
      'request_timeout',
      'route_not_found',
    ];
    t.strictSame(
      Object.keys(PROBLEMS)
        .filter((code) => !listed.has(code))
        .sort(),
      ofNoRoute,
    );
  });

  t.test('is the same whenever it is made', async (t) => {
    const paths = Object.keys(document.paths);
    t.strictSame(paths, [...paths].sort());
    t.strictSame(Object.keys(document.components.schemas), Object.keys(document.components.schemas).sort());
  });
});
