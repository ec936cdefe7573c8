import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { createMapper, type MapperLimits } from '../../src/webhooks/mapping.ts';
import type { Mapper } from '../../src/webhooks/outbound.ts';

const INPUT = { data: { lead: { phone: '+8613800138000', name: 'a'.repeat(40), tags: ['x', 'y'], none: null } }, n: 5 };

/** A mapper that ends with the test; its time limit is generous, since the machine may be busy. */
function mapperFor(t: Test, limits: Partial<MapperLimits> = {}): Mapper {
  const mapper = createMapper({ timeLimitMs: 5_000, ...limits });
  t.teardown(mapper.close);
  return mapper;
}

async function works(t: Test, mapper: Mapper): Promise<void> {
  t.same(await mapper.evaluate('n + 1', INPUT), { kind: 'mapped', value: 6 }, 'and works afterwards');
}

t.test('maps', async (t) => {
  const mapper = mapperFor(t);
  const cases: readonly (readonly [string, unknown])[] = [
    ['{ "mobile": data.lead.phone, "tags": data.lead.tags }', { mobile: '+8613800138000', tags: ['x', 'y'] }],
    ['data.lead.none', null],
    ['n = 5', true],
    ['$', INPUT],
    ['{ "sum": $sum, "own": function($x) { $x }, "n": n }', { n: 5 }],
    ['[$sum, n]', [null, 5]],
  ];
  for (const [expression, value] of cases) {
    t.same(await mapper.evaluate(expression, INPUT), { kind: 'mapped', value }, expression);
  }
  t.same(await mapper.evaluate('$', undefined), { kind: 'mapped', value: null }, 'no input');
});

t.test('a result that is none', async (t) => {
  const mapper = mapperFor(t);
  for (const expression of [
    'nothing.here',
    'function($x) { $x }',
    '$sum',
    '$process',
    '$require("fs")',
    'data.constructor',
  ]) {
    t.match(await mapper.evaluate(expression, INPUT), { kind: 'failed' }, expression);
  }
  t.match(await mapper.evaluate('nothing.here', INPUT), { code: 'mapping_empty', detail: /no result/ });
});

t.test('a result is as large as it may be and no larger', async (t) => {
  const mapper = mapperFor(t, { sizeLimitBytes: 302 });
  t.match(await mapper.evaluate('$pad("", 100, "好")', {}), { kind: 'mapped' }, '300 bytes and two quotes');
  t.match(await mapper.evaluate('$pad("", 101, "好")', {}), {
    kind: 'failed',
    code: 'mapping_too_large',
    detail: /305 bytes, of 302/,
  });
});

t.test('what fails is told without values of the input', async (t) => {
  const mapper = mapperFor(t);
  const cases: Readonly<Record<string, RegExp>> = {
    '{ "a": ': /end of expression/,
    '$number(data.lead.phone & "x")': /Unable to cast value to a number: … \(at character \d+\)/,
    'data.lead.phone > n': /The values … and … either side of operator ">"/,
    '$power(n, 5000)': /base=…, exponent=…/,
    '$error("number " & data.lead.phone)': /the expression called \$error/,
    '$error("no number")': /^no number \(at/,
    '$assert(n = 6, data.lead.phone)': /an \$assert of the expression does not hold/,
    "$assert(n = 6, 'n must be 6')": /^n must be 6 \(at/,
    '$eval(data.lead.phone & "(")': /what was passed to \$eval is no expression/,
    '$eval("$number(\'" & data.lead.phone & "x\')")': /what was passed to \$eval failed/,
    'n()': /non-function/,
  };
  for (const [expression, sentence] of Object.entries(cases)) {
    const mapped = await mapper.evaluate(expression, INPUT);
    t.match(mapped, { kind: 'failed', code: 'mapping_failed', detail: sentence }, expression);
    t.notMatch(JSON.stringify(mapped), /138001|5000/, expression);
  }
});

t.test('an evaluation leaves nothing to the next', async (t) => {
  const mapper = mapperFor(t);
  await mapper.evaluate('( $left := data.lead.phone; $sum := 1; $left )', INPUT);
  t.match(await mapper.evaluate('$left', INPUT), { code: 'mapping_empty' });
  t.same(await mapper.evaluate('$sum([1, 2])', INPUT), { kind: 'mapped', value: 3 });
  for (const expression of ['{ "__proto__": { "stain": 1 } }', '$merge([{ "__proto__": { "stain": 1 } }])']) {
    await mapper.evaluate(expression, INPUT);
    t.match(await mapper.evaluate('{}.stain', INPUT), { code: 'mapping_empty' }, expression);
  }
  const typed = { note: { _jsonata_lambda: true, body: { type: 'string', value: 'run' }, arguments: [] }, n: 5 };
  t.same(await mapper.evaluate('note', typed), {
    kind: 'mapped',
    value: { body: { type: 'string', value: 'run' }, arguments: [] },
  });
});

t.test('what would not end is stopped', async (t) => {
  const mapper = mapperFor(t, { timeLimitMs: 200 });
  const cases: Readonly<Record<string, string>> = {
    'a recursion': '($f := function($x) { $f($x) + 1 }; $f(1))',
    'a tail recursion': '($f := function($x) { $f($x + 1) }; $f(1))',
    'an evil regular expression': '$match(data.lead.name & "!", /^(a+)+$/)',
    'a range': '[1..10000000]',
    'a long string': '$pad("x", 500000000)',
    'a long string made flat': '$length($pad("x", 500000000))',
    'a string that doubles': '($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f("xxxxxxxx", 40))',
    'an array that doubles': '($f := function($s, $n) { $n = 0 ? $s : $f($append($s, $s), $n - 1) }; $f([1, 2], 40))',
  };
  for (const [name, expression] of Object.entries(cases)) {
    const code = /^mapping_(failed|timeout|too_large)$/;
    t.match(await mapper.evaluate(expression, INPUT), { kind: 'failed', code, detail: String }, name);
    await works(t, mapper);
  }
  t.same(await mapper.evaluate('($f := function($x) { $f($x + 1) }; $f(1))', INPUT), {
    kind: 'failed',
    code: 'mapping_timeout',
    detail: 'the expression ran longer than 200 ms',
  });
});

t.test('those that wait behind one that is stopped are not lost', async (t) => {
  const mapper = mapperFor(t, { timeLimitMs: 300 });
  const evil = {
    'stopped by the clock': '$match(data.lead.name & "!", /^(a+)+$/)',
    'dead of memory, with the whole process': '$length($pad("x", 500000000))',
  };
  for (const [name, expression] of Object.entries(evil)) {
    const all = await Promise.all([
      mapper.evaluate('n', INPUT),
      mapper.evaluate(expression, INPUT),
      ...Array.from({ length: 20 }, (_, index) => mapper.evaluate(`n + ${index}`, INPUT)),
    ]);
    t.match(all[1], { kind: 'failed' }, name);
    const others = all.filter((_, index) => index !== 1);
    const expected = [5, ...Array.from({ length: 20 }, (_, index) => 5 + index)];
    t.same(
      others,
      expected.map((value) => ({ kind: 'mapped', value })),
      name,
    );
  }
});

t.test('a second process goes on while the first is held up', async (t) => {
  const mapper = mapperFor(t, { processes: 2, timeLimitMs: 1_500 });
  await Promise.all([works(t, mapper), works(t, mapper)]);
  const ended: string[] = [];
  await Promise.all([
    mapper.evaluate('($f := function($x) { $f($x + 1) }; $f(1))', INPUT).then(() => ended.push('held up')),
    mapper.evaluate('n', INPUT).then(() => ended.push('quick')),
  ]);
  t.same(ended, ['quick', 'held up']);
});

t.test('a process that somebody else ends costs no evaluation', async (t) => {
  if (!existsSync('/proc/self/task')) return t.comment('needs /proc');
  const mapper = mapperFor(t);
  const before = await childrenOf(process.pid);
  await works(t, mapper);
  const [own] = (await childrenOf(process.pid)).filter((pid) => !before.includes(pid));
  const all = Array.from({ length: 50 }, (_, index) => mapper.evaluate(`n + ${index}`, INPUT));
  process.kill(Number(own), 'SIGKILL');
  t.same(
    await Promise.all(all),
    all.map((_, index) => ({ kind: 'mapped', value: 5 + index })),
  );
});

t.test('closing', async (t) => {
  const mapper = createMapper({ timeLimitMs: 60_000 });
  await works(t, mapper);
  const endless = mapper.evaluate('($f := function($x) { $f($x + 1) }; $f(1))', INPUT);
  const behind = mapper.evaluate('n', INPUT);
  await mapper.close();
  t.match(await endless, { kind: 'failed', code: 'mapping_failed' }, 'the one under way');
  const closed = { kind: 'failed', code: 'mapping_failed', detail: 'the mapper is closed' };
  t.same(await behind, closed, 'the one behind');
  t.same(await mapper.evaluate('n', INPUT), closed, 'one that comes later');
  await mapper.close();
});

t.test('its process outlives nobody', async (t) => {
  if (!existsSync('/proc/self/task')) return t.comment('needs /proc');
  const program = `
    import { createMapper } from ${JSON.stringify(new URL('../../src/webhooks/mapping.js', import.meta.url).href)};
    const mapper = createMapper({ timeLimitMs: 5000 });
    await mapper.evaluate('1', {});
    console.log('ready');
    setInterval(() => {}, 1000);
    void mapper.evaluate('$match(name, /^(a+)+$/)', { name: 'a'.repeat(40) + '!' });
  `;
  const parent = spawn('node', ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(parent.stdout, 'data');
  const pids = await childrenOf(parent.pid ?? 0);
  t.ok(pids.some(alive), 'there is one');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const deadline = Date.now() + 30_000;
  while (pids.some(alive) && Date.now() < deadline) await pause(20);
  t.notOk(pids.some(alive), 'and then there is none');
});

async function childrenOf(pid: number): Promise<readonly string[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
}

function alive(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}
