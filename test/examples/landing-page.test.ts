import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import t, { type Test } from 'tap';
import { ROOT } from '../helpers/root.ts';
import { type Service, startService } from '../helpers/service.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ABSENT = existsSync(CHROMIUM) ? false : `no browser at ${CHROMIUM}: set CHROMIUM, or install chromium`;
const ASKED = '?utm_source=baidu&utm_medium=cpc&utm_campaign=%E6%98%A5%E5%AD%A3&bd_vid=8876';
if (ABSENT !== false) t.comment(ABSENT);

/** The example on a web server of its own, its form sent to a real service. */
async function published(t: Test): Promise<Service & { readonly page: string; readonly browser: Browser }> {
  const service = await startService(t);
  const html = await readFile(new URL('examples/landing-page/index.html', ROOT), 'utf8');
  let action = '';
  const server = createServer((_request, response) => {
    const text = html.replace('https://leads.example.cn/v1/forms/SOURCE_ID', action);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const page = `http://localhost:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  t.teardown(async () => {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  });
  const form = { origins: [page], redirects: [`${page}/thanks`], min_fill_seconds: 0, thanks: '谢谢, <稍后> 联系' };
  const made = await service.call('POST', '/v1/sources', {
    body: { name: '落地页', kind: 'form', settings: { form } },
  });
  t.equal(made.status, 201, made.text);
  action = `${service.url}${made.body.address}`;
  return { ...service, page, browser };
}

async function submissions({ db }: Service) {
  return db.selectFrom('submission').selectAll().orderBy('received_at').orderBy('id').execute();
}

for (const javaScriptEnabled of [true, false]) {
  t.test(`in a browser with script ${javaScriptEnabled ? 'on' : 'off'}`, { skip: ABSENT }, async (t) => {
    const service = await published(t);
    const context = await service.browser.newContext({ javaScriptEnabled, locale: 'zh-CN' });
    const page = await context.newPage();
    await page.goto(`${service.page}/spring${ASKED}`);
    const wrong = page.locator('#phone-wrong');

    for (const phone of ['1380013800', '12800138001', '138001380012', 'abc', '13800138o01']) {
      await page.fill('[name=phone]', phone);
      await page.locator('[name=phone]').blur();
      t.ok(await wrong.isVisible(), `${phone} is told at once`);
    }
    await page.check('[name=consent]');
    await page.click('button');
    t.match(page.url(), service.page, 'and is not sent');
    t.strictSame(await submissions(service), []);

    await page.fill('[name=name]', '张三');
    await page.fill('[name=phone]', '+86 138-0013 8001');
    await page.locator('[name=phone]').blur();
    t.notOk(await wrong.isVisible(), 'as people type it');
    t.ok(((await page.locator('[name=website]').boundingBox())?.x ?? 0) < -1000, 'nobody sees the trap');
    await page.fill('[name=message]', '想周末试驾');
    await page.click('button');
    await page.getByRole('heading', { name: '提交成功' }).waitFor();
    t.match(await page.locator('p').innerText(), '谢谢, <稍后> 联系');
    t.match(
      await page.evaluate('getComputedStyle(document.querySelector("main")).borderRadius'),
      '12px',
      'the style is let in',
    );

    const [row, ...others] = await submissions(service);
    t.equal(others.length, 0);
    t.match(row, { decision: 'created', phone: '+8613800138001' });
    t.match(row?.fields, {
      person: { name: '张三' },
      intent: { need: '想周末试驾', kind: 'form' },
      traffic: {
        utm_source: 'baidu',
        utm_medium: 'cpc',
        utm_campaign: '春季',
        click_id: '8876',
        click_id_kind: 'bd_vid',
        landing_page: `${service.page}/spring${ASKED}`,
      },
    });
    t.equal((row?.fields as { extra?: unknown } | null)?.extra, undefined, 'nothing is left over');
    t.match(await service.db.selectFrom('consent').selectAll().execute(), [
      { purpose: 'contact', granted: true, text_version: '2026-01', proof: `${service.page}/spring${ASKED}` },
    ]);
  });
}

t.test('what the service alone can tell is told on a page with a way back', { skip: ABSENT }, async (t) => {
  const service = await published(t);
  const page = await (await service.browser.newContext()).newPage();
  await page.goto(`${service.page}/spring`);
  await page.evaluate('document.querySelector("[name=phone]").removeAttribute("pattern")');
  await page.fill('[name=phone]', '12345');
  await page.check('[name=consent]');
  await page.click('button');
  await page.getByRole('heading', { name: '请检查手机号' }).waitFor();
  await page.getByRole('link', { name: '返回' }).click();
  await page.waitForURL(`${service.page}/spring`);
  t.match(await submissions(service), [{ decision: 'quarantined', rule: 'quarantined.phone_invalid' }]);

  await page.evaluate(`document.querySelector("[name=redirect]").value = "${service.page}/thanks?a=1"`);
  await page.fill('[name=phone]', '138 0013 8002');
  await page.check('[name=consent]');
  await page.click('button');
  await page.waitForURL(`${service.page}/thanks?a=1`);
  t.equal((await submissions(service)).length, 2);
});

t.test('the page of another site', { skip: ABSENT }, async (t) => {
  const service = await published(t);
  const page = await (await service.browser.newContext()).newPage();
  await page.goto(`${service.page.replace('localhost', '127.0.0.1')}/spring`); // another origin than the one listed
  await page.fill('[name=phone]', '13800138001');
  await page.check('[name=consent]');
  await page.click('button');
  await page.getByText('没有登记').waitFor();
  t.strictSame(await submissions(service), []);
  const action = await page.evaluate('performance.getEntriesByType("navigation")[0].name');
  const script = `fetch(${JSON.stringify(action)}, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"phone":"13800138001"}' }).then((it) => it.status)`;
  await page.goto(`${service.page}/spring`);
  t.equal(await page.evaluate(script), 200, 'a script of the page that is listed');
  await page.goto(`${service.page.replace('localhost', '127.0.0.1')}/spring`);
  await t.rejects(page.evaluate(script), /Failed to fetch/, 'a script of another');
  t.equal((await submissions(service)).length, 1);
});
