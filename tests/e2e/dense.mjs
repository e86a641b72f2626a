// Tables that are read line by line: the cockpit's, 待补参数, and the chapters of the plan, each a line a row, with words instead of gaps.
import { axe, claim, failures, noSidewaysScroll, open, origin } from './harness.mjs';

const { browser, page, outside, errors, statuses } = await open({ account: 'analyst' });
async function checked(name) {
  await page.waitForLoadState('networkidle');
  const found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll`, await noSidewaysScroll(page));
  if (process.env.TENGLONG_SHOTS)
    await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png`, fullPage: true });
}
const heights = () =>
  page
    .locator('main table tbody tr')
    .filter({ has: page.locator('th[scope=row]') })
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));

for (const [width, height] of [
  [1366, 768],
  [1440, 900],
]) {
  await page.setViewportSize({ width, height });
  await page.goto(`${origin}/`);
  await page.getByRole('heading', { name: '驾驶舱' }).waitFor();
  await page.waitForLoadState('networkidle');
  const rows = await heights();
  const oneLine = rows.filter((h) => h <= 28.5).length;
  claim(`the cockpit at ${width}: ${oneLine} of ${rows.length} targets on one line`, rows.length === 69 && oneLine >= 62, rows.join(' '));
  claim(`no target takes more than two at ${width}`, Math.max(...rows) <= 56, String(Math.max(...rows)));
  const table = page.getByRole('region', { name: '方案全部目标的进度' });
  claim(
    `the table fits at ${width}`,
    await table.evaluate((el) => el.scrollWidth <= el.clientWidth),
    await table.evaluate((el) => `${el.scrollWidth} ${el.clientWidth}`),
  );
  await checked(`the cockpit at ${width}`);
}
const heads = await page.locator('main thead th').allInnerTexts();
claim(`its columns: ${heads.join(' · ')}`, heads.join(' ') === '判断 目标 现值 目标值 单位 进度（0–125%） 预计期末 近 12 月新增 牵头单位');
const waiting = page.getByRole('row', { name: /招引落地亿元以上重大制造业项目/ }).first();
claim('the register that is missing stands behind the name', (await waiting.innerText()).includes('等 R28'));
claim('its number leads to its clause', (await waiting.getByRole('link').first().getAttribute('href')).startsWith('/rules#'));

await page.setViewportSize({ width: 1366, height: 768 });
await page.goto(`${origin}/gaps`);
await page.getByRole('heading', { name: '待补参数' }).waitFor();
await page.getByRole('button', { name: /^填入/ }).first().waitFor();
const lines = await heights();
claim(`待补参数: ${lines.length} values, each on one line`, lines.length === 44 && Math.max(...lines) <= 32, lines.join(' '));
const tall = await page.evaluate(() => document.documentElement.scrollHeight);
claim(`the page is ${tall} px tall, at most 2400`, tall <= 2400);
const group = await page.locator('tr.group', { hasText: '高耗界线' }).innerText();
claim(
  `a parameter has its count, whom to ask and what it blocks: ${group}`,
  /高耗界线\s*31 个值/.test(group) && group.includes('问 ') && group.includes('高耗低效企业清单'),
);
await checked('missing parameters line by line');
await page.getByRole('combobox', { name: '问谁' }).selectOption('区发改局');
await page.waitForURL(/asked=/);
await page.getByRole('combobox', { name: '参数' }).selectOption('差别化用电加价标准');
await page.waitForURL(/parameter=/);
claim('narrowed by who is asked and by parameter', (await heights()).length === 2);
await page.reload();
await page.getByRole('button', { name: /^填入/ }).first().waitFor();
claim(
  'as the address says',
  (await heights()).length === 2 && (await page.getByRole('list', { name: '筛选条件' }).innerText()).includes('区发改局'),
);
await page.getByRole('button', { name: '去掉“区发改局”' }).click();
await page.waitForURL((url) => !url.search.includes('asked'));
await page.getByRole('button', { name: /^填入/ }).first().click();
await page.waitForURL(/gap=/);
claim('the one that is filled in is in the address', await page.getByRole('dialog').isVisible());
await page.keyboard.press('Escape');

await page.goto(`${origin}/chapters`);
await page.getByRole('heading', { level: 1, name: /^二 / }).waitFor();
claim('任务 opens on a chapter with numbers', (await heights()).length > 10);
await checked('the first chapter with numbers');
await page.getByRole('link', { name: /^一 / }).click();
await page.getByText('这一章没有数字目标。').waitFor();
claim('一 says what carries it', /由以下各条分别落实/.test(await page.locator('main').innerText()));
await page.getByRole('link', { name: /^五 / }).click();
await page.getByRole('heading', { level: 1, name: /^五 / }).waitFor();
claim(
  '五 says what carries it and what is to come',
  /说明与还没有落实的：.*考核办法与权重未公布/.test(await page.locator('main').innerText()),
  await page.locator('main').innerText(),
);
await checked('a chapter without numbers');

await page.getByRole('button', { name: 'English' }).click();
for (const [name, path] of [
  ['the cockpit in English', '/'],
  ['missing parameters in English', '/gaps'],
  ['a chapter in English', '/chapters/' + encodeURIComponent('五')],
]) {
  await page.goto(origin + path);
  await page.locator('main h1').first().waitFor();
  await checked(name);
}
claim('no request left the origin', outside.length === 0, outside.join('\n  '));
claim('no page had an error', errors.length === 0, errors.join('\n  '));
claim('no answer was a failure of the server', statuses.length === 0, statuses.join('\n  '));
await browser.close();
process.exit(failures() > 0 ? 1 : 0);
