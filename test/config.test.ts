import t from 'tap';
import { ConfigError, describeConfig, load } from '../src/config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

t.test('an empty environment is a whole configuration', async (t) => {
  const config = load({});
  t.match(config, { host: '127.0.0.1', port: 8080, dataDir: './data', logLevel: 'info', rawRetentionDays: 180 });
  t.strictSame(
    [config.databaseUrl, config.secretKey, config.atRest, config.eventRetentionDays],
    [null, null, null, null],
  );
  t.strictSame(config.corsOrigins, []);
  t.ok(Object.isFrozen(config));
});

t.test('every setting is read from its own name', async (t) => {
  const config = load({
    HOST: '0.0.0.0',
    PORT: '0',
    DATABASE_URL: 'postgresql://u:p@db/clew',
    CLEW_SECRET_KEY: KEY,
    CLEW_SECRET_KEY_PREVIOUS: `${Buffer.alloc(32, 1).toString('hex')}, ${Buffer.alloc(32, 2).toString('base64url')}`,
    CLEW_AT_REST: 'all',
    CLEW_CORS_ORIGINS: 'https://a.example, https://b.example',
    CLEW_RAW_RETENTION_DAYS: 'off',
    CLEW_EVENT_RETENTION_DAYS: '3650',
    LOG_LEVEL: 'debug',
  });
  t.match(config, {
    host: '0.0.0.0',
    port: 0,
    atRest: 'all',
    logLevel: 'debug',
    rawRetentionDays: null,
    eventRetentionDays: 3650,
  });
  t.equal(config.previousSecretKeys.length, 2);
  t.strictSame(config.corsOrigins, ['https://a.example', 'https://b.example']);
});

t.test('a blank value is no value', async (t) => {
  t.equal(load({ PORT: '', DATABASE_URL: ' ', CLEW_AT_REST: '' }).port, 8080);
});

t.test('all faults are told at once, each with its name and what to do', async (t) => {
  const faults = faultsOf({
    PORT: '70000',
    LOG_LEVEL: 'loud',
    CLEW_QUEUE_MAX: '1e3',
    CLEW_RAW_RETENTION_DAYS: '0',
    CLEW_NO_SUCH: '1',
  });
  t.strictSame(faults, [
    'PORT must be a whole number from 0 to 65535, not "70000"',
    'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
    'CLEW_QUEUE_MAX must be a whole number from 1 to 1000000, not "1e3"',
    'CLEW_RAW_RETENTION_DAYS must be a whole number from 1 to 36500, or off, not "0"',
    'CLEW_NO_SUCH is no setting of clew: correct its name or remove it (clew --help lists them)',
  ]);
});

t.test('a secret that is not usable is not printed', async (t) => {
  const env = {
    CLEW_SECRET_KEY: 'hunter2',
    CLEW_SECRET_KEY_PREVIOUS: 'hunter3',
    CLEW_ADMIN_KEY: 'hunter4',
    DATABASE_URL: 'hunter5',
  };
  const faults = faultsOf(env);
  t.equal(faults.length, 4);
  t.notMatch(faults.join('\n'), /hunter/);
  for (const name of Object.keys(env))
    t.ok(
      faults.some((fault) => fault.startsWith(`${name} must `)),
      name,
    );
});

t.test('settings that contradict each other are faults', async (t) => {
  t.match(faultsOf({ DATABASE_URL: 'postgres://db/clew' }), [/^CLEW_SECRET_KEY is required with DATABASE_URL/]);
  t.match(faultsOf({ CLEW_SECRET_KEY: KEY, CLEW_SECRET_KEY_PREVIOUS: KEY }), [
    /^CLEW_SECRET_KEY_PREVIOUS holds the key/,
  ]);
  t.match(faultsOf({ CLEW_QUEUE_MAX: '999' }), [/^CLEW_QUEUE_MAX must be at least CLEW_BATCH_MAX_ITEMS/]);
  t.match(faultsOf({ CLEW_TARGET_ALLOW: '10.0.0.0/8, 10.0.0.0/33' }), [/^CLEW_TARGET_ALLOW names 10.0.0.0\/33/]);
});

t.test('what Kubernetes says of a Service named clew is not taken for settings', async (t) => {
  const links = {
    CLEW_SERVICE_HOST: '10.0.0.1',
    CLEW_SERVICE_PORT_HTTP: '80',
    CLEW_PORT: 'tcp://10.0.0.1:80',
    CLEW_PORT_80_TCP_ADDR: '10.0.0.1',
  };
  t.strictSame(faultsOf(links), []);
});

t.test('every setting has a row with a sentence and a type', async (t) => {
  const rows = describeConfig();
  t.equal(rows.length, Object.keys(load({})).length);
  t.equal(new Set(rows.map((row) => row.name)).size, rows.length);
  for (const row of rows) t.match(row, { name: /^[A-Z_]+$/, description: /^[A-Z].*\.$/, type: /^[a-z]/ }, row.name);
  t.strictSame(
    rows.filter((row) => row.secret).map((row) => row.name),
    ['DATABASE_URL', 'CLEW_SECRET_KEY', 'CLEW_SECRET_KEY_PREVIOUS', 'CLEW_ADMIN_KEY'],
  );
  t.match(
    rows.find((row) => row.name === 'PORT'),
    { default: '`8080`', type: 'number', secret: false },
  );
});
