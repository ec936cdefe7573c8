import { readdir, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import t from 'tap';
import { ROOT } from './helpers/root.ts';

// What each part of src may import besides itself: strictly downward, types included.
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  main: ['commands'],
  commands: ['app', 'workers', 'http', 'flows', 'channels', 'store', 'webhooks', 'sheets', 'domain', 'config', 'vault'],
  app: ['http', 'flows', 'channels', 'store', 'webhooks', 'sheets', 'domain'],
  workers: ['flows', 'channels', 'store', 'webhooks', 'sheets', 'domain'],
  http: ['flows', 'channels', 'store', 'webhooks', 'sheets', 'domain'],
  flows: ['channels', 'store', 'webhooks', 'sheets', 'domain'],
  channels: ['domain'],
  store: ['domain'],
  webhooks: ['domain'],
  sheets: ['domain'],
  config: ['domain'],
  vault: ['domain'],
  domain: [],
};
const PARTS: Readonly<Record<string, string>> = { settings: 'config', sealer: 'vault' }; // files that belong to another's part
const MOST_LINES = 250;

interface Source {
  readonly path: string; // from src: http/problem.ts
  readonly part: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

async function sources(): Promise<readonly Source[]> {
  const root = new URL('src/', ROOT);
  const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
  return Promise.all(
    names.map(async (path) => {
      const text = await readFile(new URL(path, root), 'utf8');
      const imports = [...text.matchAll(IMPORT)].map((found) => found[1] ?? found[2] ?? found[3] ?? '');
      return { path, part: partOf(path), text, imports };
    }),
  );
}

function partOf(path: string): string {
  const top = path.split('/')[0]?.replace(/\.ts$/, '') ?? '';
  return PARTS[top] ?? top;
}

t.test('the house', async (t) => {
  const files = await sources();

  t.test('was seen', async (t) => {
    t.ok(files.length > 50, `${files.length} files`);
    t.ok(files.reduce((sum, { imports }) => sum + imports.length, 0) > files.length, 'with their imports');
    for (const part of ['main', 'app', 'http', 'flows', 'store', 'domain', 'workers']) {
      t.ok(
        files.some((file) => file.part === part),
        part,
      );
    }
    for (const { path, text, imports } of files) {
      const written = text.match(/^(import|export) .* from |^} from |^import '/gm)?.length ?? 0;
      t.ok(imports.length >= written, `${path}: every import was read`);
    }
  });

  t.test('every arrow points down', async (t) => {
    for (const { path, part, imports } of files) {
      t.ok(part in ARROWS, `${path} belongs to a part`);
      for (const target of imports.filter((name) => name.startsWith('.'))) {
        const aim = posix.join(posix.dirname(path), target);
        t.ok(aim.endsWith('.ts'), `${path} writes the ending of ${target}`);
        const other = partOf(aim);
        t.ok(other === part || ARROWS[part]?.includes(other), `${path} → ${aim}`);
      }
    }
  });

  t.test('domain imports the phone plan and nothing else', async (t) => {
    for (const { path, part, imports } of files.filter((file) => file.part === 'domain')) {
      const foreign = imports.filter((name) => !name.startsWith('.') && !name.startsWith('libphonenumber-js'));
      t.strictSame(foreign, [], `${part}: ${path}`);
    }
  });

  t.test('only main reads the process', async (t) => {
    for (const { path, text } of files.filter(({ path }) => path !== 'main.ts')) {
      t.notMatch(withoutComments(text), /(?<![\w$'"`./-])process\.[a-z]|node:process/, path);
    }
  });

  t.test('SQL is written in store', async (t) => {
    for (const { path, part, text } of files.filter((file) => file.part !== 'store')) {
      t.notMatch(text, /^import (?!type )[^;]*from '(kysely|pg)';/m, `${part}: ${path} builds no query`);
    }
  });

  t.test('files are small', async (t) => {
    const sizes = files.map(({ text }) => text.split('\n').length - 1).sort((a, b) => a - b);
    for (const { path, text } of files) {
      const lines = text.split('\n').length - 1;
      t.ok(lines <= MOST_LINES, `${path} has ${lines} lines`);
    }
    const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
    t.ok(median < 80, `the median has ${median} lines`);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1');
}
