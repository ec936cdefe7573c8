import type { FastifyRequest } from 'fastify';
import t from 'tap';
import { allowedOrigin, mayPost, senderOf } from '../../src/http/form-sender.ts';

const FORM = 'application/x-www-form-urlencoded';
const made = (headers: Readonly<Record<string, string>>, sentType: string | null = FORM) =>
  ({ headers, method: 'POST', sentType, protocol: 'https', host: 'in.example.cn' }) as unknown as FastifyRequest;

t.test('a browser with a plain form, and the scripts of pages', async (t) => {
  const page = {
    accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'sec-fetch-mode': 'navigate',
  };
  for (const type of [FORM, 'multipart/form-data; boundary=x', `${FORM};charset=UTF-8`, null])
    t.equal(senderOf(made(page, type)), 'plain');
  for (const headers of [
    { accept: 'application/json' },
    { 'x-requested-with': 'XMLHttpRequest' },
    { 'sec-fetch-mode': 'cors' },
    { 'sec-fetch-mode': 'no-cors' },
  ])
    t.equal(senderOf(made(headers)), 'script', JSON.stringify(headers));
  for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencodedx'])
    t.equal(senderOf(made({}, type)), 'script', type);
});

t.test('who may send', async (t) => {
  const listed = ['https://www.example.cn'];
  const json = (origin: string) => made({ origin }, 'application/json');
  t.ok(mayPost(made({}), listed));
  t.ok(mayPost(made({}, 'application/json'), []));
  t.ok(mayPost(json('https://www.example.cn'), listed));
  t.ok(mayPost(json('https://WWW.example.cn'), ['https://www.EXAMPLE.cn']));
  t.ok(mayPost(json('https://in.example.cn'), []), 'our own page');
  t.ok(mayPost(made({ origin: 'https://any.example' }), []), 'a plain form where nothing is listed');
  t.ok(mayPost(json('https://any.example'), ['*']));
  for (const origin of [
    'https://any.example',
    'null',
    'https://www.example.cn.evil',
    'http://www.example.cn',
    'http://in.example.cn',
  ]) {
    t.notOk(mayPost(made({ origin }), listed), origin);
    t.notOk(mayPost(json(origin), []), origin);
  }
});

t.test('what the page of an origin is told', async (t) => {
  t.equal(allowedOrigin('https://a.cn', ['https://a.cn']), 'https://a.cn');
  t.equal(allowedOrigin('https://a.cn', ['*']), '*');
  t.equal(allowedOrigin('https://b.cn', ['https://a.cn']), null);
  t.equal(allowedOrigin(undefined, ['https://a.cn']), null);
});
