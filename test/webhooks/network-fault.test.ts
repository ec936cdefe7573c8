import t from 'tap';
import { codeOf, type Progress, resultOfFault } from '../../src/webhooks/network-fault.ts';

t.test('what a fault says of its attempt', async (t) => {
  const cases: readonly (readonly [string, Progress, string])[] = [
    ['target_unresolved', 'connecting', 'dns'],
    ['ECONNREFUSED', 'connecting', 'connect'],
    ['EHOSTUNREACH', 'connecting', 'connect'],
    ['ENETUNREACH', 'connecting', 'connect'],
    ['ETIMEDOUT', 'connecting', 'connect'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connecting', 'connect'],
    ['ECONNRESET', 'connecting', 'connect'],
    ['', 'connecting', 'connect'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'connecting', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'connecting', 'tls'],
    ['CERT_HAS_EXPIRED', 'connecting', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'connecting', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'connecting', 'tls'],
    ['EPROTO', 'connecting', 'tls'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'sent', 'tls'],
    ['timed_out', 'connecting', 'timeout'],
    ['timed_out', 'sent', 'timeout'],
    ['ECONNRESET', 'sent', 'reset'],
    ['EPIPE', 'sent', 'reset'],
    ['ETIMEDOUT', 'sent', 'reset'],
    ['UND_ERR_SOCKET', 'sent', 'reset'],
    ['HPE_INVALID_CONSTANT', 'sent', 'protocol'],
    ['UND_ERR_HEADERS_OVERFLOW', 'sent', 'protocol'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'sent', 'protocol'],
  ];
  for (const [code, progress, result] of cases) {
    const error = Object.assign(new Error('it failed'), { code });
    const expected = { kind: 'failed', result, status: null, fault: 'transient', retryAfterMs: null };
    t.strictSame(resultOfFault(error, progress, null), expected, `${code}, ${progress}`);
  }
});

t.test('an address that may not be called is never tried again', async (t) => {
  for (const code of ['target_forbidden', 'target_scheme', 'target_invalid']) {
    t.match(resultOfFault({ code }, 'connecting', null), { result: code, fault: 'forbidden' });
  }
});

t.test('the status of an answer that began is kept', async (t) => {
  t.match(resultOfFault({ code: 'timed_out' }, 'sent', 200), { result: 'timeout', status: 200, fault: 'transient' });
});

t.test('a parser that gives no code is known by its name', async (t) => {
  const error = Object.assign(new Error('Expected HTTP/'), { name: 'HTTPParserError', code: undefined });
  t.equal(codeOf(error), 'HTTPParserError');
  t.match(resultOfFault(error, 'sent', null), { result: 'protocol', fault: 'transient' });
});

t.test('anything can be thrown', async (t) => {
  for (const error of [null, undefined, 'text', 7, {}, new Error('plain')]) {
    t.equal(codeOf(error), '');
    t.match(resultOfFault(error, 'sent', null), { result: 'reset', fault: 'transient' });
  }
});
