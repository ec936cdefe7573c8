import t from 'tap';
import { COMMANDS } from '../../src/commands/index.ts';
import { describeConfig } from '../../src/config.ts';
import { runClew } from '../helpers/io.ts';

t.test('the version and the help are printed', async (t) => {
  t.match(await runClew(['--version'], {}), { exit: 0, out: '1.2.3\n', err: '' });
  const help = await runClew(['--help'], {});
  t.match(help, { exit: 0, err: '' });
  for (const { name } of COMMANDS) t.match(help.out, new RegExp(`^  ${name} +[A-Z]`, 'm'), name);
  for (const row of describeConfig()) t.match(help.out, new RegExp(`^  ${row.name} +[A-Z]`, 'm'), row.name);
  t.notMatch(help.out, '`');
});

t.test('every command has its own help, which needs no database and no usable configuration', async (t) => {
  for (const { name, flags } of COMMANDS) {
    const help = await runClew([...name.split(' '), '--help'], { PORT: 'nonsense' });
    t.match(help, { exit: 0, err: '', out: `Usage: clew ${name} ` }, name);
    for (const flag of Object.keys(flags)) t.match(help.out, new RegExp(`^  --${flag}\\b`, 'm'), `${name} --${flag}`);
  }
  t.match(await runClew(['keys', '--help'], {}), { exit: 0, out: /keys create[\s\S]*keys revoke/ });
  t.match(await runClew(['--help'], { PORT: 'nonsense' }), { exit: 0 });
});

t.test('wrong usage is one sentence and exit 2', async (t) => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['frobnicate', /^clew: there is no command frobnicate; clew --help lists them\n$/],
    ['keys', /^clew: clew keys needs one of its commands: keys create, keys list, keys revoke\n$/],
    ['keys frobnicate', /^clew: clew keys needs one of its commands/],
    ['keys create --colour red', /^clew: unknown option '--colour'; see clew keys create --help\n$/],
    ['--colour', /^clew: unknown option '--colour'; see clew serve --help\n$/],
    ['keys revoke', /^clew: clew keys revoke takes <ID>; see clew keys revoke --help\n$/],
    ['migrate now', /^clew: clew migrate takes no arguments; see clew migrate --help\n$/],
  ];
  for (const [line, sentence] of wrong)
    t.match(await runClew(line.split(' '), {}), { exit: 2, out: '', err: sentence }, line);
});

t.test('a configuration that is not usable is told fault by fault, exit 2', async (t) => {
  const ran = await runClew([], { PORT: 'x', CLEW_TYPO: '1', DATABASE_URL: 'postgres://u:geheim@db/clew' });
  t.match(ran, { exit: 2, out: '' });
  t.equal(
    ran.err,
    'clew: the configuration is not usable:\n' +
      '  PORT must be a whole number from 0 to 65535, not "x"\n' +
      '  CLEW_TYPO is no setting of clew: correct its name or remove it (clew --help lists them)\n',
  );
});

t.test('a stack is shown only where debug is asked for', async (t) => {
  t.notMatch((await runClew(['frobnicate'], { LOG_LEVEL: 'info' })).err, /\n {4}at /);
  t.match((await runClew(['frobnicate'], { LOG_LEVEL: 'debug' })).err, /\n {4}at /);
});
