import t from 'tap';
import { extend, readRun } from '../../src/domain/phone-run.ts';

const told = (run: string, region = 'CN') =>
  readRun(run, region).map((part) => (part.kind === 'number' ? part.e164 : `${part.code} ${part.digits}`));

t.test('one number, however it is parted', async (t) => {
  t.same(told('138 0013 8000'), ['+8613800138000']);
  t.same(told('(010) 6234-5678 - ('), ['+861062345678']);
  t.same(told('13800138000.0'), ['+8613800138000']);
  t.same(told('138.0013.8000.0'), ['+8613800138000']);
  t.same(told('139.1234.0000'), ['+8613912340000']);
});

t.test('several numbers', async (t) => {
  t.same(told('13800138000 13900139000'), ['+8613800138000', '+8613900139000']);
  t.same(told('138 0013 8000 139 0013 9000'), ['+8613800138000', '+8613900139000']);
  t.same(told('+852 9123 4567 13900139000'), ['+85291234567', '+8613900139000']);
  t.same(told('13800138000 010-62345678-801'), ['+8613800138000', '+861062345678;ext=801']);
  t.same(told('13800138000 12345678901'), ['+8613800138000', 'phone_invalid 11']);
  t.same(told('4008001234 13800138000'), ['phone_not_personal 10', '+8613800138000']);
});

t.test('a short group behind a number', async (t) => {
  t.same(told('010-62345678-801'), ['+861062345678;ext=801'], 'the extension of a landline');
  t.same(told('010-62345678-101'), ['+861062345678;ext=101'], 'also where it could be dialled');
  t.same(told('010-62345678-801 138 0013 8000'), ['+861062345678;ext=801', '+8613800138000']);
  t.same(told('010 62345678 1'), ['+861062345678;ext=1']);
  t.same(told('17012345678-1234'), ['phone_relay 11'], 'what platforms hand out for privacy');
  t.same(told('13800138000 1'), ['phone_invalid 11'], 'a digit too many');
  t.same(told('138 0013 8000 0'), ['phone_invalid 11']);
  t.same(told('+1 415 555 2671 12'), ['phone_invalid 11']);
});

t.test('a short group before a number', async (t) => {
  t.same(told('1 13800138000'), ['phone_invalid 1', '+8613800138000'], 'a complete one stands');
  t.same(
    told('11 138 0013 8000'),
    ['phone_invalid 2', 'phone_invalid 11'],
    'one written in groups may go on to the left',
  );
});

t.test('a mask hides something unless a complete mobile stands apart', async (t) => {
  t.same(told('138****8000'), ['phone_masked 7']);
  t.same(told('138 **** 8000'), ['phone_masked 7']);
  t.same(told('138---8000'), ['phone_masked 7']);
  t.same(told('138__8000'), ['phone_masked 7']);
  t.same(told('+49 30 1234_'), ['phone_masked 8']);
  t.same(told('138_0013_8000'), ['+8613800138000']);
  t.same(told('+49 30 1234****'), ['phone_masked 8']);
  t.same(told('+49 30 123456 ****'), ['phone_masked 10']);
  t.same(told('0571-8888666*'), ['phone_masked 11']);
  t.same(told('010-62345678--'), ['phone_masked 11']);
  t.same(told('13800138000*'), ['+8613800138000']);
  t.same(told('*138 0013 8000'), ['+8613800138000']);
  t.same(told('13800138000--'), ['+8613800138000']);
  t.same(told('139****9000 13800138000'), ['+8613800138000', 'phone_masked 18']);
  t.same(told('13800138000**'), ['phone_masked 11']);
  t.same(told('139****9000 13800138000', 'HK'), ['phone_masked 18']);
});

t.test('a fraction that is not zero', async (t) => {
  t.same(told('13800138000.5'), ['phone_invalid 12']);
  t.same(told('1380013800.1'), ['phone_invalid 11']);
});

t.test('a run of very many groups is not read', async (t) => {
  t.same(told('13800138000 '.repeat(16)).length, 16);
  t.same(told('13800138000 '.repeat(17)), ['phone_invalid 187']);
});

t.test('no number has two extensions', async (t) => {
  const line = { kind: 'number', e164: '+861062345678;ext=1', phoneKind: 'landline', digits: 10 } as const;
  t.match(extend(line, '2'), { kind: 'refused', code: 'phone_invalid' });
});
