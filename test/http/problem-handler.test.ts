import t from 'tap';
import { Fault } from '../../src/domain/fault.ts';
import { problem, problemDocument } from '../../src/http/problem.ts';
import { problemOf } from '../../src/http/problem-handler.ts';

const withCode = (code: string, more: object = {}) => Object.assign(new Error('secret 13800138000'), { code, ...more });

t.test('knows what was thrown', async (t) => {
  for (const [thrown, code] of [
    [problem('not_found'), 'not_found'],
    [new Fault('state_conflict', null, 'the name is taken'), 'state_conflict'],
    [withCode('overloaded', { retryAfterSeconds: 3 }), 'overloaded'],
    [withCode('FST_ERR_CTP_BODY_TOO_LARGE'), 'body_too_large'],
    [withCode('40P01', { severity: 'ERROR' }), 'database_unavailable'],
    [withCode('ECONNREFUSED', { syscall: 'connect' }), 'database_unavailable'],
    [new Error('Connection terminated unexpectedly'), 'database_unavailable'],
    [withCode('23505', { severity: 'ERROR' }), 'internal'],
    [withCode('22P02', { severity: 'ERROR' }), 'internal'],
    [withCode('toString'), 'internal'],
    [new TypeError('x is not a function'), 'internal'],
    ['text', 'internal'],
    [undefined, 'internal'],
    [null, 'internal'],
  ] as const) {
    t.equal(problemOf(thrown).code, code, `${(thrown as Error)?.message} ${(thrown as { code?: string })?.code}`);
  }
});

t.test('tells the client nothing of what was thrown, and the log the cause', async (t) => {
  const thrown = withCode('23505', { severity: 'ERROR', detail: 'Key (value)=(+8613800138000) already exists.' });
  const found = problemOf(thrown);
  t.notMatch(JSON.stringify(problemDocument(found, 'r1')), /138|Key \(|secret/);
  t.equal(found.cause, thrown);
});

t.test('the refusal of a flow names its field as a JSON pointer', async (t) => {
  const document = problemDocument(problemOf(new Fault('body_invalid', 'defaults.store', 'store is unknown')), 'r1');
  t.match(document, {
    status: 422,
    detail: 'store is unknown',
    errors: [{ path: '/defaults/store', message: 'store is unknown' }],
    request_id: 'r1',
  });
});

t.test('a document says the table and what is more', async (t) => {
  const errors = [{ path: '/a', code: 'type', message: 'must be text' }];
  t.strictSame(problemDocument(problem('body_invalid', { detail: 'd', errors, members: { lead_id: 'x' } }), 'r1'), {
    type: '/problems/body_invalid',
    title: 'The body does not fit',
    status: 422,
    code: 'body_invalid',
    detail: 'd',
    hint: 'Correct every field named in errors.',
    errors,
    request_id: 'r1',
    lead_id: 'x',
  });
});
