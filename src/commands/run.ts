import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type Command, CommandError, type Exit, type Given, type Io } from './command.ts';
import { explain } from './explain.ts';
import { commandHelp, groupHelp, positionalsOf, programHelp } from './help.ts';
import { COMMANDS, DEFAULT_COMMAND } from './index.ts';

/** Runs one command line and answers how the process is to end; what goes wrong is told on stderr in a sentence. */
export async function run(args: readonly string[], io: Io): Promise<Exit> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    const { sentence, exit } = explain(error);
    io.stderr(`clew: ${sentence}\n`);
    if (['debug', 'trace'].includes(io.env['LOG_LEVEL'] ?? '') && error instanceof Error) io.stderr(`${error.stack}\n`);
    return exit;
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<Exit> {
  const first = args[0] ?? '';
  if (first === '--version' || first === '-v') return print(io, `${io.version}\n`);
  if (first === '--help' || first === '-h' || first === 'help') return print(io, programHelp(COMMANDS));
  const named = first === '' || first.startsWith('-') ? [DEFAULT_COMMAND, ...args] : args;
  const command = COMMANDS.find(({ name }) => startsWith(named, name.split(' ')));
  if (command === undefined) return unknown(named, io);
  const given = parse(command, named.slice(command.name.split(' ').length));
  return given === 'help' ? print(io, commandHelp(command)) : command.run(given, io);
}

function unknown(args: readonly string[], io: Io): Exit {
  const [group = '', second] = args;
  const members = COMMANDS.filter(({ name }) => name.startsWith(`${group} `));
  if (members.length === 0) throw new CommandError(2, `there is no command ${group}; clew --help lists them`);
  if (second === '--help' || second === '-h') return print(io, groupHelp(group, members));
  const names = members.map(({ name }) => name).join(', ');
  throw new CommandError(2, `clew ${group} needs one of its commands: ${names}`);
}

function parse(command: Command, args: readonly string[]): Given | 'help' {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [name, flag] of Object.entries(command.flags)) {
    options[name] = { type: flag.value === undefined ? 'boolean' : 'string', multiple: flag.multiple === true };
  }
  const given = parseOrRefuse(command, { args: [...args], options, allowPositionals: true, strict: true });
  if (given.flags['help'] === true) return 'help';
  const wanted = positionalsOf(command).join(' ');
  const more = given.positionals.length - command.positionals.length;
  if (more === 0 || (more === 1 && command.optional !== undefined)) return given;
  throw new CommandError(
    2,
    `clew ${command.name} takes ${wanted === '' ? 'no arguments' : wanted}; see clew ${command.name} --help`,
  );
}

function parseOrRefuse(command: Command, config: ParseArgsConfig): Given {
  try {
    const { values, positionals } = parseArgs(config);
    return { flags: values, positionals };
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split('. ')[0] ?? '';
    throw new CommandError(2, `${why.charAt(0).toLowerCase()}${why.slice(1)}; see clew ${command.name} --help`, {
      cause: error,
    });
  }
}

function startsWith(args: readonly string[], words: readonly string[]): boolean {
  return words.every((word, index) => args[index] === word);
}

function print(io: Io, text: string): 0 {
  io.stdout(text);
  return 0;
}
