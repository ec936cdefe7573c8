import t from 'tap';
import { logFault } from '../../src/domain/log-fault.ts';

t.test('a database error: code, table and constraint, no value', async (t) => {
  const thrown = Object.assign(new Error('invalid input syntax for type uuid: "+8613800138000"'), {
    code: '23505',
    severity: 'ERROR',
    detail: 'Key (value)=(+8613800138000) already exists.',
    table: 'identity',
    constraint: 'identity_pkey',
  });
  const fault = logFault(thrown);
  t.match(fault, {
    code: '23505',
    table: 'identity',
    constraint: 'identity_pkey',
    message: 'the database refused a statement',
  });
  t.notMatch(JSON.stringify(fault), /138001/);
  t.ok(fault.stack.length > 0, 'it says where');
});

t.test('phones in any writing are taken out of messages and causes', async (t) => {
  for (const phone of ['13800138000', '138 0013 8000', '138-0013-8000', '１３８００１３８０００', '+8613800138000']) {
    const fault = logFault(new Error(`cannot use ${phone}!`, { cause: new Error(phone) }));
    t.equal(fault.message.replace('+', ''), 'cannot use #!', phone);
    t.match(fault.cause?.message, /^\+?#$/);
    t.notMatch(fault.stack.join(), /8000|８０００/);
  }
  t.equal(logFault(new Error('3 of 120 rows')).message, '3 of 120 rows');
});

t.test('whatever is thrown', async (t) => {
  t.equal(logFault('text 13800138000').message, 'something that is no Error was thrown');
  t.equal(logFault(undefined).name, 'undefined');
});
