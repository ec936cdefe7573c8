import { describeConfig } from '../config.ts';
import type { Command, Flag } from './command.ts';

/** Two columns, the first as wide as its longest text. */
export function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n');
}

/** What `clew --help` prints. */
export function programHelp(commands: readonly Command[]): string {
  return [
    'clew takes sales leads in from every channel, recognises the person by phone and judges each one at once.',
    '',
    'Usage: clew [command] [--help]',
    '',
    'Commands:',
    columns(commands.map((command) => [command.name, command.summary])),
    '',
    'Settings, read from the environment:',
    settingsHelp(),
    '',
    'Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.',
    '',
  ].join('\n');
}

/** What `clew keys --help` prints: the commands that begin with a word. */
export function groupHelp(group: string, commands: readonly Command[]): string {
  const rows = columns(commands.map((command) => [command.name, command.summary]));
  return `Usage: clew ${group} <command> [--help]\n\nCommands:\n${rows}\n`;
}

/** What a command prints for its own `--help`. */
export function commandHelp(command: Command): string {
  const flags = Object.entries<Flag>({ ...command.flags, help: { description: 'Print this.' } });
  const rows = flags.map(
    ([name, flag]) => [`--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`, flag.description] as const,
  );
  const words = ['clew', command.name, ...positionalsOf(command), '[flags]'];
  const details = command.details === undefined ? [] : ['', command.details()];
  return [command.summary, '', `Usage: ${words.join(' ')}`, '', 'Flags:', columns(rows), ...details, ''].join('\n');
}

/** What a command takes beside its flags: `<ID>`, or `[ID]` where it may be left out. */
export function positionalsOf({ positionals, optional }: Command): readonly string[] {
  return [...positionals.map((name) => `<${name}>`), ...(optional === undefined ? [] : [`[${optional}]`])];
}

/** Every setting with its default. */
export function settingsHelp(): string {
  return columns(
    describeConfig().map((row) => [
      row.name,
      plain(row.default === '' ? row.description : `${row.description} [${row.default}]`),
    ]),
  );
}

/** The sentences are Markdown in the README. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}
