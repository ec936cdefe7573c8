import t from 'tap';
import { findWechat } from '../../src/domain/phone-wechat.ts';

t.test('a cell that is an id, or has one under a label', async (t) => {
  const rows: readonly (readonly [string, string])[] = [
    ['wx_demo123', 'wx_demo123'],
    ['Zhang_San', 'zhang_san'],
    ['zhang13800138000', 'zhang13800138000'],
    ['微信:zhangsan', 'zhangsan'],
    ['微信号 zhangsan', 'zhangsan'],
    ['加微信zhangsan8 谢谢', 'zhangsan8'],
    ['VX: ZhangSan', 'zhangsan'],
    ['wechat: zhangsan', 'zhangsan'],
    ['微信123456789', '123456789'],
    ['QQ123456789', '123456789'],
    ['qq号:123456789', '123456789'],
  ];
  for (const [text, id] of rows) t.equal(findWechat(text), id, text);
});

t.test('nothing that is not surely one', async (t) => {
  const texts = [
    'zhangsan',
    '123456789',
    'abc12',
    'a'.repeat(21),
    'test123',
    'abc123',
    'tel12345',
    'xxxxxxx8000',
    '1wx_demo',
  ];
  texts.push(
    'zhang san_1',
    'zhang1@example.com',
    '微信同号',
    '微信11111111',
    '微信 1234',
    'QQ邮箱',
    '微信:zhang1@example.com',
  );
  for (const text of texts) t.equal(findWechat(text), undefined, text);
});
