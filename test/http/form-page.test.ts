import { createHash } from 'node:crypto';
import t from 'tap';
import { FORM_PAGE_POLICY, formPage } from '../../src/http/form-page.ts';

t.test('a page is text: nothing in it is markup, and a link leads to a page', async (t) => {
  const page = formPage({ title: '<b>', message: `"&'</main><script>`, back: 'https://a.cn/"onclick="x' });
  t.match(page, '<h1>&lt;b&gt;</h1><p>&quot;&amp;&#39;&lt;/main&gt;&lt;script&gt;</p>');
  t.match(page, 'href="https://a.cn/&quot;onclick=&quot;x"');
  for (const back of ['javascript:alert(1)', 'data:text/html,x', '/a', '', 'https://', null]) {
    t.notMatch(formPage({ title: 'a', message: 'b', back }), '<a ', String(back));
  }
});

t.test('its one style is the one that its policy lets in', async (t) => {
  const style = /<style>(.*)<\/style>/s.exec(formPage({ title: 'a', message: 'b', back: null }))?.[1] ?? '';
  t.match(FORM_PAGE_POLICY, `'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  t.match(FORM_PAGE_POLICY, /^default-src 'none';/);
});
