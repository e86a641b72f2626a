// A real browser on a real server: what every journey needs. Prints "ok what" or "not ok what" a line, like the other cases.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require_ = createRequire(fileURLToPath(new URL('../../web/package.json', import.meta.url)));
const { chromium } = require_('playwright-core');
const axeSource = readFileSync(require_.resolve('axe-core/axe.min.js'), 'utf8');

export const origin = process.env.TENGLONG_ORIGIN ?? 'http://127.0.0.1:8020';
export const folder = process.env.TENGLONG_FOLDER ?? '.';
let failed = 0;
export function claim(what, holds, detail = '') {
  if (holds) console.log(`ok ${what}`);
  else {
    failed++;
    console.log(`not ok ${what}${detail ? `\n  ${detail}` : ''}`);
  }
}
export const failures = () => failed;

// A browser of one person: every request that leaves the origin and every error of the page is kept.
// `account`: of the sample district; empty: nobody has signed in.
export async function open({ width = 1366, height = 768, account = 'analyst' } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const context = await browser.newContext({
    viewport: { width, height },
    locale: 'zh-CN',
    acceptDownloads: true,
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], {
    origin,
  });
  if (account) {
    const signedIn = await context.request.post(`${origin}/api/session`, {
      data: { account, password: 'sample-district-2021' },
    });
    if (!signedIn.ok()) throw new Error(`${account} cannot sign in: ${await signedIn.text()}`);
  }
  const page = await context.newPage();
  const outside = [];
  const errors = [];
  const statuses = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:') && !url.startsWith('blob:')) outside.push(url);
  });
  page.on('pageerror', (error) => errors.push(error.message));
  // Typing over coloured text, Chromium itself asks for the colour as a style of the element and is refused: no line of ours.
  const isOfTyping = (message) => /^Applying inline style/.test(message.text()) && message.location().lineNumber === 0;
  page.on(
    'console',
    (message) =>
      message.type() === 'error' && !/status of 4\d\d/.test(message.text()) && !isOfTyping(message) && errors.push(message.text()),
  );
  page.on('response', (response) => response.status() >= 500 && statuses.push(`${response.status()} ${response.url()}`));
  page.setDefaultTimeout(10000);
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return { browser, context, page, outside, errors, statuses };
}

// Axe with the A and AA rules; each finding with where it is.
export async function axe(page) {
  await page.evaluate(axeSource); // the security policy of the pages allows no script tag
  const found = await page.evaluate(() =>
    axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    }),
  );
  return found.violations.map((v) => `${v.id} ${v.nodes.length}: ${v.nodes[0].html.slice(0, 160)}`);
}
// How far things have jumped since the page was opened, as browsers measure it (CLS, of all windows together).
export const layoutShift = (page) => page.evaluate(() => window.shift);
export async function noSidewaysScroll(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
}
