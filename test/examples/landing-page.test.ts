import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import t, { type Test } from 'tap';
import { ROOT } from '../helpers/root.ts';
import { MODEL, type Scoring, startScoring } from '../helpers/scoring.ts';
import { type Service, startService } from '../helpers/service.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ABSENT = existsSync(CHROMIUM) ? false : `no browser at ${CHROMIUM}: set CHROMIUM, or install chromium`;
const TRACK = 'https://leads.example.cn/v1/track.js';
const ASKED = '?utm_source=baidu&utm_medium=cpc&utm_campaign=%E6%98%A5%E5%AD%A3&bd_vid=8876';
if (ABSENT !== false) t.comment(ABSENT);

interface Published {
  readonly page: string;
  readonly browser: Browser;
}

/** The example on a web server of its own, its form sent to a real service. */
async function published<S extends Service>(t: Test, service: S): Promise<S & Published> {
  const html = await readFile(new URL('examples/landing-page/index.html', ROOT), 'utf8');
  let action = '';
  const server = createServer((_request, response) => {
    const text = html
      .replaceAll('https://leads.example.cn/v1/forms/SOURCE_ID', action)
      .replace(TRACK, `${service.url}/v1/track.js`);
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
    const service = await published(t, await startService(t));
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
  const service = await published(t, await startService(t));
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
  const service = await published(t, await startService(t));
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

/** A visitor's browser, and every request that it makes of clew. */
async function visit(service: Scoring & Published) {
  const context = await service.browser.newContext({ locale: 'zh-CN' });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().startsWith(service.url)) asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  const stored = () => page.evaluate('JSON.stringify(localStorage) + document.cookie');
  /** Resolves once clew has answered another behaviour. */
  const told = () => page.waitForResponse((response) => response.url().endsWith('/behaviours'));
  return { context, page, asked, stored, told };
}

const behaviours = ({ db }: Service) =>
  db.selectFrom('behaviour').select(['subject', 'type', 'page']).orderBy('occurred_at').orderBy('type').execute();

t.test('a visitor who did not agree is not told of, and nothing is stored', { skip: ABSENT }, async (t) => {
  const service = await published(t, await startScoring(t));
  const { page, asked, stored } = await visit(service);
  await page.goto(`${service.page}/spring`);
  await page.evaluate('clewTrack("pricing_page")');
  await page.fill('[name=phone]', '13800138001');
  await page.check('[name=consent]');
  t.equal(await stored(), '{}', 'no storage, no cookie');
  await page.click('button');
  await page.getByRole('heading', { name: '提交成功' }).waitFor();
  t.strictSame(
    asked.filter((one) => !one.startsWith('POST /v1/forms/')),
    ['GET /v1/track.js'],
  );
  t.strictSame(
    asked.filter((one) => one.endsWith('/behaviours')),
    [],
  );
  t.strictSame(await behaviours(service), []);
  const [row] = await submissions(service);
  t.equal((row?.fields as { extra?: unknown } | null)?.extra, undefined, 'the form names no visitor');
});

t.test(
  'one who agreed is one person with the form, and is forgotten when it is taken back',
  { skip: ABSENT },
  async (t) => {
    const service = await published(t, await startScoring(t));
    await service.activate({
      ...MODEL,
      events: { ...MODEL.events, page_view: { points: 20, group: 'web' } },
    });
    const { page, stored, told, asked } = await visit(service);
    await page.goto(`${service.page}/spring?utm_source=baidu`);
    await Promise.all([told(), page.check('[data-clew-consent]')]);
    const visitor = String(await page.evaluate('clewTrack.visitor()'));
    t.match(visitor, /^[0-9a-f]{32}$/);
    t.equal(await stored(), JSON.stringify({ clew_visitor: visitor }), 'the id and nothing else');
    await Promise.all([told(), page.evaluate('clewTrack("pricing_page", { plan: "A" })')]);
    service.at('2026-06-01T12:00:10+08:00');
    await Promise.all([told(), page.goto(`${service.page}/summer`)]);
    t.ok(await page.isChecked('[data-clew-consent]'), 'the next page knows of it');
    const subject = `visitor:${visitor}`;
    t.strictSame(await behaviours(service), [
      { subject, type: 'page_view', page: `${service.page}/spring` },
      { subject, type: 'pricing_page', page: `${service.page}/spring` },
      { subject, type: 'page_view', page: `${service.page}/summer` },
    ]);

    await page.fill('[name=phone]', '13800138001');
    await page.check('[name=consent]');
    await page.click('button');
    await page.getByRole('heading', { name: '提交成功' }).waitFor();
    const [row] = await submissions(service);
    t.match(row, { decision: 'created', fields: { extra: { visitor_id: visitor } } });
    const leadId = String(row?.lead_id);
    const score = await service.scoreOf(leadId);
    t.strictSame([score.band, Math.round(score.implicit)], ['mql', 48], 'two page views and a pricing page');
    t.strictSame(await service.crossingsOf(leadId), ['lead.left_nurture'], 'with the form itself');

    await Promise.all([told(), page.goto(`${service.page}/spring`)]);
    await page.uncheck('[data-clew-consent]');
    t.equal(await stored(), '{}');
    const before = asked.length;
    t.equal((await behaviours(service)).length, 4);
    await page.evaluate('clewTrack("pricing_page")');
    await page.reload();
    await page.evaluate('clewTrack("pricing_page")');
    await page.fill('[name=phone]', '13800138002');
    await page.check('[name=consent]');
    await page.click('button');
    await page.getByRole('heading', { name: '提交成功' }).waitFor();
    t.strictSame(
      asked.slice(before).filter((one) => one.endsWith('/behaviours')),
      [],
    );
    t.equal((await behaviours(service)).length, 4);
    const other = (await submissions(service)).find(({ phone }) => phone === '+8613800138002');
    t.equal((other?.fields as { extra?: unknown } | null)?.extra, undefined);
    t.not(other?.customer_id, row?.customer_id);
  },
);

t.test(
  'withdrawn in one tab it is withdrawn in all; without storage it holds for the page',
  { skip: ABSENT },
  async (t) => {
    const service = await published(t, await startScoring(t));
    const { context, page, told } = await visit(service);
    await page.goto(`${service.page}/spring`);
    await Promise.all([told(), page.evaluate('clewTrack.consent(true)')]);
    const other = await context.newPage();
    await Promise.all([
      other.waitForResponse((it) => it.url().endsWith('/behaviours')),
      other.goto(`${service.page}/b`),
    ]);
    await other.evaluate('clewTrack.consent(false)');
    await page.waitForFunction('!clewTrack.visitor()');
    t.equal((await behaviours(service)).length, 2);

    const closed = await service.browser.newContext();
    await closed.addInitScript(
      'Object.defineProperty(window, "localStorage", { get() { throw new Error("refused"); } })',
    );
    await closed.addInitScript('Object.defineProperty(Navigator.prototype, "sendBeacon", { value: undefined })');
    const without = await closed.newPage();
    await without.goto(`${service.page}/spring`);
    const response = without.waitForResponse((it) => it.url().endsWith('/behaviours'));
    await without.check('[data-clew-consent]');
    t.equal((await response).status(), 200, 'by fetch, where there is no beacon');
    await without.evaluate('fetch = () => Promise.reject(new Error("no network"))');
    await without.evaluate('clewTrack("pricing_page")');
    t.match(await without.evaluate('[...new FormData(document.getElementById("lead")).keys()].join()'), /visitor_id/);
    await without.evaluate('document.getElementById("lead").action = "https://other.example/form"');
    t.notMatch(
      await without.evaluate('[...new FormData(document.getElementById("lead")).keys()].join()'),
      /visitor_id/,
      'the form of somebody else is not told',
    );
    t.equal((await behaviours(service)).length, 3);
  },
);
