// J2, steps 1 to 3: an analyst makes next year's scheme from this year's in forms; another approves it.
import { axe, claim, failures, noSidewaysScroll, open, origin } from './harness.mjs';

const analyst = await open({ account: 'analyst' });
const chief = await open({ account: 'chief' });
const town = await open({ account: 'town' });
const people = [analyst, chief, town];
async function checked(page, name) {
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => window.scrollTo(0, 0)); // nothing half under the bar
  const found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(page));
  if (process.env.TENGLONG_SHOTS)
    await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png`, fullPage: true });
}
const refusedButton = async (button) => (await button.getAttribute('aria-disabled')) === 'true';
const main = (page) => page.locator('main').innerText();

const page = analyst.page;
await page.goto(`${origin}/rules`);
await page.getByRole('link', { name: '修订', exact: true }).click();
await page.getByText('还没有修订。').waitFor();
await checked(page, 'no revisions yet');
const began = Date.now();
await page.getByRole('button', { name: /^以本年方案为底，起草 \d{4} 年$/ }).click();
await page.getByRole('heading', { name: /年度评价办法$/, level: 1 }).waitFor();
const draft = page.url();

// Two weights and a cut; the sum is told while it is wrong, and holds the draft back.
const weight = (name) => page.getByLabel(`${name} 权重`, { exact: true });
await weight('亩均税收').waitFor();
claim('the scheme stands in a form', (await weight('亩均税收').inputValue()) === '30');
await weight('亩均税收').fill('28');
await weight('亩均税收').press('Tab');
await page.getByRole('alert').filter({ hasText: '98' }).waitFor();
claim('the sum is the server’s', (await page.locator('[data-sum]').first().innerText()) === '98');
claim('a draft that is wrong cannot be sent', await refusedButton(page.getByRole('button', { name: '送审' })));
await checked(page, 'weights of 98');
await weight('亩均增加值').fill('22');
await weight('亩均增加值').press('Tab');
await page.getByRole('alert').filter({ hasText: '98' }).waitFor({ state: 'detached' });
claim('mended, nothing is told', (await main(page)).includes('没有要改的'));
// Two cells copied from a spreadsheet, one under the other.
await weight('亩均税收').evaluate((input) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', '30\r\n30\r\n');
  input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
});
await page.getByText('粘贴了 2 格').waitFor();
await page.getByRole('alert').filter({ hasText: '110' }).waitFor();
claim('a block from a spreadsheet fills the grid, each cell checked', (await weight('亩均增加值').inputValue()) === '30');
await page.getByLabel('权重应合计（缺省 100）').fill('110');
await page.getByLabel('权重应合计（缺省 100）').press('Tab');
await page.getByRole('alert').filter({ hasText: '110' }).waitFor({ state: 'detached' });
claim('weights that are meant to add up otherwise hold nothing back', (await main(page)).includes('没有要改的'));
await page.getByLabel('权重应合计（缺省 100）').fill('');
await page.getByLabel('权重应合计（缺省 100）').press('Tab');
await weight('亩均税收').fill('28');
await weight('亩均税收').press('Tab');
await weight('亩均增加值').fill('22');
await weight('亩均增加值').press('Tab');
await page.getByText('没有要改的').waitFor();
await page.getByLabel('A', { exact: true }).fill('15');
await page.getByLabel('A', { exact: true }).press('Tab');
await page.getByText(/已自动保存/).waitFor();
await page.waitForLoadState('networkidle');
await page.reload();
await page.getByLabel('A', { exact: true }).waitFor();
claim('drafts save themselves', (await page.getByLabel('A', { exact: true }).inputValue()) === '15');
await page.getByLabel('A', { exact: true }).fill('99');
await page.getByLabel('A', { exact: true }).press('Tab');
await page
  .getByText(/累计百分数要逐档上升/)
  .first()
  .waitFor();
await page.getByLabel('A', { exact: true }).fill('15');
await page.getByLabel('A', { exact: true }).press('Tab');
await page
  .getByText(/累计百分数要逐档上升/)
  .first()
  .waitFor({ state: 'detached' });

// The text behind it: the same value, everything else as it was; a name is completed; a mistake stands at its line.
await page.getByRole('link', { name: '原文' }).click();
const text = page.getByRole('textbox', { name: /的原文$/ });
await text.waitFor();
const written = await text.inputValue();
claim('a form writes the text', written.includes('{indicator: 亩均税收, weight: 28, base: 上期.规上工业亩均税收}'), written);
await text.fill(written.replace('ties: better', 'tiess: better'));
await page.getByText(/tiess/).first().waitFor();
claim('a mistake stands at its line with its cure', /第 \d+ 行/.test(await main(page)) && (await main(page)).includes('ties'));
await checked(page, 'a text with a mistake');
await text.fill(written);
await page.getByText('没有要改的').waitFor();
await text.press('Control+End');
await text.pressSequentially('保护');
await page.getByRole('option', { name: '保护清单' }).waitFor();
await text.press('Control+Space');
for (let i = 0; i < 8 && !(await page.getByRole('option', { name: '保护清单', selected: true }).count()); i++)
  await text.press('ArrowDown');
await text.press('Enter');
claim('a name is completed by keyboard', (await text.inputValue()).endsWith('保护清单'));
await text.fill(written);
await page.getByText('没有要改的').waitFor();

// What it changes, and what it would do.
await page.getByRole('link', { name: /与现行的差别/ }).click();
await page.getByRole('row', { name: /亩均税收 · 权重/ }).waitFor();
const changes = await main(page);
claim('values are compared like documents', /30\s+28/.test(changes) && /20\s+22/.test(changes) && /20\s+15/.test(changes), changes);
await checked(page, 'what a draft changes');
await page.getByRole('link', { name: '试算' }).click();
await page
  .getByRole('heading', { name: /换档企业/ })
  .first()
  .waitFor();
claim('a trial says who moves', /等级变动/.test(await main(page)));
await checked(page, 'a trial');

// Somebody else is quicker: nothing typed is lost, theirs is shown.
const second = await open({ account: 'analyst' });
people.push(second);
await second.page.goto(draft);
await second.page.getByLabel('B', { exact: true }).waitFor();
await page.goto(draft);
await page.getByLabel('B', { exact: true }).waitFor();
await second.page.getByLabel('B', { exact: true }).fill('66');
await second.page.getByLabel('B', { exact: true }).press('Tab');
await second.page.getByText(/已自动保存/).waitFor();
await page.getByLabel('B', { exact: true }).fill('67');
await page.getByLabel('B', { exact: true }).press('Tab');
await page.getByText('您写的没有存上：67').waitFor();
await page.getByRole('button', { name: '看现在的' }).click();
await page.waitForFunction(() => [...document.querySelectorAll('input')].some((input) => input.value === '66'));
claim('an edit of two is told', true);
await page.getByLabel('B', { exact: true }).fill('65');
await page.getByLabel('B', { exact: true }).press('Tab');
await page.getByText(/已自动保存/).waitFor();

// A code table, a deadline and a target's value are taken in and changed the same way.
await page.getByRole('button', { name: '收进一块' }).click();
await page.getByRole('dialog').getByLabel('按名称找').fill('年度数据');
await page.getByRole('dialog').getByRole('button', { name: '年度数据', exact: true }).click();
await page.getByLabel('区税务局 到期 几日').waitFor();
await checked(page, 'deadlines in a grid');
await page.getByRole('button', { name: '移出这一块' }).click();
await weight('亩均税收').waitFor();

// Sent by one, who cannot approve it.
await page.getByRole('button', { name: '送审' }).click();
await page.getByRole('dialog').getByLabel('送审说明').fill('按局务会意见调整');
await page.getByRole('dialog').getByRole('button', { name: '送审' }).click();
await page.getByText('已送审，由另一个人批准。').waitFor();
claim('who drafted does not approve', (await page.getByRole('button', { name: '审批' }).count()) === 0);
claim('from a copy to a sent draft in well under 15 minutes', Date.now() - began < 15 * 60 * 1000);
await checked(page, 'a draft that waits');

const boss = chief.page;
await boss.goto(`${origin}/rules/revisions`);
await boss
  .getByRole('link', { name: /年度评价办法$/ })
  .first()
  .click();
await boss.getByText(/按局务会意见调整/).waitFor();
claim('what waits is read, not written', (await boss.getByLabel('亩均税收 权重').count()) === 0);
await boss.getByRole('button', { name: '审批' }).click();
await boss.getByRole('dialog').getByRole('button', { name: '批准' }).click();
await boss.getByRole('dialog').getByText('没有填文号。').waitFor();
await checked(boss, 'an approval without its document');
await boss.getByRole('dialog').getByLabel('文号').fill('样例文件〔2024〕1号');
await boss.getByRole('dialog').getByLabel('施行日期').fill('2024-01-01');
await boss.getByRole('dialog').getByRole('button', { name: '批准' }).click();
await boss.getByText(/已批准，从 2024-01-01 起施行/).waitFor();
await checked(boss, 'an approved revision');
await boss.goto(`${origin}/rules/revisions`);
await boss.getByText('样例文件〔2024〕1号').waitFor();
await checked(boss, 'versions of the rules');

// The evaluation shows both versions; the year is judged by its own.
await page.goto(`${origin}/evaluation`);
await page.getByRole('heading', { name: '方案各版对照' }).waitFor();
const rows = page.locator('.versions tbody tr');
claim('both versions stand side by side', (await rows.count()) === 2);
claim('the year is judged by its own', /本年采用/.test(await rows.first().innerText()) && !/本年采用/.test(await rows.last().innerText()));
await checked(page, 'two versions of a scheme');
await page.goto(`${origin}/rules/scheme/above_scale_default`);
await page.getByText('weight: 28').waitFor();
claim('what a document says rests on it', (await main(page)).includes('样例文件〔2024〕1号'));
await page.goto(`${origin}/rules/scheme/above_scale_default?period=2023`);
await page.getByText('indicator: 亩均税收, weight: 30').waitFor();
claim('the old version stays readable', true);

// Who has no part in it.
await town.page.goto(draft);
await town.page.locator('.no-right').waitFor();
claim('a town officer sees no draft', !(await main(town.page)).includes('亩均税收'));

// English.
await page.goto(draft);
await page.getByRole('button', { name: 'English' }).click();
await page.getByRole('link', { name: /Compared with the rules in force/ }).waitFor();
claim('English too', (await main(page)).includes('in force from 2024-01-01'));
await checked(page, 'a revision in English');
await page.getByRole('button', { name: '中文' }).click();

claim(
  'nothing asked of anyone else',
  people.every((one) => one.outside.length === 0),
);
claim(
  'no error of the pages',
  people.every((one) => one.errors.length === 0),
  people.flatMap((one) => one.errors).join('\n  '),
);
claim(
  'no 5xx',
  people.every((one) => one.statuses.length === 0),
  people.flatMap((one) => one.statuses).join('\n  '),
);
for (const one of people) await one.browser.close();
process.exit(failures() ? 1 : 0);
