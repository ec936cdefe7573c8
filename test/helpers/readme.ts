import { readFile, writeFile } from 'node:fs/promises';
import { describeConfig } from '../../src/config.ts';
import { DECISION_MEANINGS, DECISIONS, statusOf } from '../../src/domain/outcome.ts';
import { PROBLEMS } from '../../src/http/problem-codes.ts';
import { ROOT } from './root.ts';

const DECISION_HEAD = ['| Decision | Status | When |', '|---|---|---|'];
const SETTING_HEAD = ['| Name | Type | Default | Meaning |', '|---|---|---|---|'];
const PROBLEM_HEAD = ['| Code | Status | Meaning | What to do |', '|---|---|---|---|'];
const README = new URL('README.md', ROOT);

/** The README as it stands. */
export function readReadme(): Promise<string> {
  return readFile(README, 'utf8');
}

/** The README with its tables rendered from what they are about. */
export function renderReadme(text: string): string {
  const tables: Readonly<Record<string, readonly string[]>> = {
    decisions: DECISION_HEAD.concat(
      DECISIONS.map((decision) => {
        const status = statusOf({ decision, originalDecision: null, leadId: null });
        return `| \`${decision}\` | ${status} | ${DECISION_MEANINGS[decision]} |`;
      }),
    ),
    settings: SETTING_HEAD.concat(
      describeConfig().map((row) => {
        const shown =
          row.default === ''
            ? 'none'
            : row.default.startsWith('`') || row.default.includes(' ')
              ? row.default
              : `\`${row.default}\``;
        return `| \`${row.name}\` | ${row.type} | ${shown} | ${row.description} |`;
      }),
    ),
    problems: PROBLEM_HEAD.concat(
      Object.entries(PROBLEMS).map(
        ([code, { status, title, hint }]) => `| \`${code}\` | ${status} | ${title} | ${hint} |`,
      ),
    ),
  };
  return Object.entries(tables).reduce((readme, [name, lines]) => {
    const block = new RegExp(`<!-- ${name}:begin -->[\\s\\S]*<!-- ${name}:end -->`);
    const rows = lines.join('\n');
    return readme.replace(block, () => `<!-- ${name}:begin -->\n${rows}\n<!-- ${name}:end -->`);
  }, text);
}

if (process.argv.includes('--write')) await writeFile(README, renderReadme(await readReadme()));
