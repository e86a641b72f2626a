// The journeys as people walk them: trying an evaluation (J2), how an enterprise rises (J8 step 1), a leader asking after one
// number (J11).
import { axe, claim, failures, noSidewaysScroll, open, origin } from './harness.mjs';

const { browser, page, errors, statuses } = await open();
// J2: one weight moved by the keyboard; the figures follow; the rule in force is one press away.
await page.goto(`${origin}/simulator`);
const handle = page.getByRole('slider').first();
await handle.waitFor();
await handle.focus();
const before = await handle.getAttribute('aria-valuenow');
for (let i = 0; i < 8; ++i) await page.keyboard.press('PageUp');
await page
  .getByText(/换档企业 [1-9]\d* 家/)
  .first()
  .waitFor();
claim('J2 a weight moved by the keyboard moves enterprises', before !== (await handle.getAttribute('aria-valuenow')));
claim('J2 the page says that nothing here is official', await page.getByText('这里的改动不影响正式结果').isVisible());
await page.waitForURL(/set=/);
claim('J2 the trial has its address', page.url().includes('set='));
await page.getByRole('button', { name: '恢复现行办法' }).click();
await page
  .getByText(/换档企业 0 家/)
  .first()
  .waitFor();
claim('J2 back to the rule in force', true);
await page.goto(`${origin}/evaluation`);
await page.getByText('，对平。').first().waitFor();
claim('J2 应评 = 参评 + 免评 + 不评 is shown and holds', true);

// J2 step 6: the chief publishes one year; departments and the enterprise see it at once, and not before.
const chief = await open({ account: 'chief' });
const department = await open({ account: 'department' });
const contact = await open({ account: 'enterprise' });
const others = [chief, department, contact];
await department.page.goto(`${origin}/evaluation?period=2022`);
await department.page.getByText('还没有到可以看的时候').waitFor();
claim(
  'J2 a department is told that nothing is published, and is shown no zero',
  !(await department.page.locator('main').innerText()).includes('应评 0'),
);
await contact.page.goto(`${origin}/`);
await contact.page.waitForURL(/enterprises\//);
await contact.page.getByText('还没有到可以看的时候').waitFor();
claim('J7 a contact begins on the page of its own enterprise', await contact.page.getByRole('link', { name: '我的企业' }).isVisible());
claim('J7 nothing of the offices stands in its bar', (await contact.page.locator('header nav a', { hasText: '驾驶舱' }).count()) === 0);
await chief.page.goto(`${origin}/evaluation?period=2022`);
await chief.page.getByRole('button', { name: '公布结果' }).click();
await chief.page.getByRole('dialog').getByText('还没有锁定').waitFor();
claim('J2 the question of a publication: axe finds nothing', (await axe(chief.page)).length === 0);
await chief.page.getByRole('dialog').getByRole('button', { name: '先不公布' }).click();
claim('J2 it can be left', (await chief.page.getByRole('dialog').count()) === 0);
await chief.page.getByRole('button', { name: '公布结果' }).click();
await chief.page.getByRole('dialog').getByRole('button', { name: '公布结果' }).click();
await chief.page.getByText('2022 年的结果已公布').waitFor();
claim('J2 what is published is not offered again', (await chief.page.getByRole('button', { name: '公布结果' }).count()) === 0);
await department.page.reload();
await department.page.getByText('，对平。').first().waitFor();
claim('J2 the department sees it', (await department.page.locator('main').innerText()).includes('已公布'));

// J8 step 1: the enterprise moves its own figures by hand, by keyboard and by typing; the engine says what they come to.
await contact.page.goto(contact.page.url().split('?')[0]);
await contact.page.getByRole('link', { name: '2022' }).click();
await contact.page.getByRole('heading', { name: '改几个数，看得分和档次' }).waitFor();
claim('J8 the page of the enterprise: axe finds nothing', (await axe(contact.page)).length === 0, (await axe(contact.page)).join('\n  '));
claim('J8 no sideways scroll', await noSidewaysScroll(contact.page));
const ofTrial = async (set) =>
  contact.page.evaluate(
    async ([path, text]) => (await fetch(`/api${path}/trial?period=2022&set=${encodeURIComponent(text)}`)).json(),
    [new URL(contact.page.url()).pathname, set],
  );
const asItStands = await ofTrial('');
const moved = contact.page.getByRole('slider', { name: '年平均职工人数' });
await moved.focus();
await contact.page.keyboard.press('End');
await contact.page.getByText(/档 → . 档；/).waitFor();
await contact.page.waitForURL(/try=/);
const typed = contact.page.getByLabel('用地面积，直接填数');
await typed.fill('9999');
await typed.press('Tab');
await contact.page.waitForURL(/9999/);
const set = new URL(contact.page.url()).searchParams.get('try');
const answer = await ofTrial(set);
claim('J8 two figures are tried together', set.includes('年平均职工人数=') && set.includes('用地面积=9999'), set);
claim('J8 the score is that of the engine', Number(answer.now.total.value) < Number(asItStands.now.total.value));
await contact.page.getByText(`→ ${Number(answer.now.total.value).toFixed(2)} 分`).waitFor();
claim('J8 what is tried is no data', (await ofTrial('')).now.total.value === asItStands.now.total.value);
await typed.fill('很多');
await typed.press('Tab');
await contact.page.getByRole('alert').first().waitFor();
claim(
  'J8 a word in the place of a number is told, and nothing falls',
  (await contact.page.getByRole('alert').first().innerText()).length > 5,
);
await contact.page.getByRole('button', { name: '恢复现在的数' }).click();
await contact.page.getByText('拖动或填一个数').waitFor();
await contact.page.waitForURL((url) => !url.searchParams.has('try'));
claim('J8 back to the present figures', (await typed.inputValue()) !== '很多');
const notOwn = await contact.page.evaluate(
  async (code) => (await fetch(`/api/enterprises/${code}/trial?period=2022`)).status,
  await page.evaluate(
    async () => (await (await fetch('/api/results/schemes/above_scale_default?size=50&period=2022')).json()).rows[3].code,
  ),
);
claim('J8 of another enterprise it learns nothing', notOwn === 404, String(notOwn));

// An enterprise that is not the best sees how to rise, from the same engine, and tries one of the ways.
await page.goto(`${origin}/evaluation`);
await page.locator('a', { hasText: '看名次' }).first().click();
await page.waitForURL(/evaluation\/schemes\//);
await page.goto(`${page.url().split('?')[0]}?grade=C`);
await page.locator('tbody a').first().click();
await page.waitForURL(/enterprises\//);
await page.getByRole('heading', { name: '怎样升一档' }).waitFor();
await page
  .getByText(/已复算/)
  .first()
  .waitFor({ timeout: 20000 });
claim('J8 the smallest change that lifts it a grade was run again by the engine', true);
await page.getByRole('button', { name: /^试试/ }).first().click();
await page.getByText(/C 档 → [AB] 档；/).waitFor();
claim('J8 tried, it lifts', true);

// Whom no scheme rates is told why, with the condition and the figures in it.
const notDue = await page.evaluate(async () => {
  const rows = (await (await fetch('/api/registers/enterprise/records?size=200')).json()).rows;
  for (const row of rows) {
    const firm = await (await fetch(`/api/enterprises/${row.key}?period=2023`)).json();
    if (firm.is_open && firm.results.length === 0) return row.key;
  }
  return '';
});
await page.goto(`${origin}/enterprises/${notDue}?period=2023`);
await page.getByRole('heading', { name: '为什么不在应评之列' }).waitFor();
await page
  .getByText(/应评条件.*不成立/)
  .first()
  .waitFor();
claim(
  'an enterprise that no scheme rates is told by which condition',
  (await page.locator('.lead').first().innerText()).includes('不在任何评价方案的应评之列'),
);
claim('and axe finds nothing there', (await axe(page)).length === 0);
// What is said of an enterprise begins with whose it is.
await page.goto(`${origin}/registers/enterprise_year?period=2023`);
await page.locator('tbody th a').first().waitFor();
claim(
  'a list of yearly figures begins with the name and the code of the enterprise',
  /^样例.*有限公司$/.test((await page.locator('tbody th').first().innerText()).trim()) &&
    /^9133/.test((await page.locator('tbody tr').first().locator('td').nth(1).innerText()).trim()),
  await page.locator('tbody tr').first().innerText(),
);

// J11: from the first page to a number, its formula and its records in three presses.
await page.goto(`${origin}/`);
claim('J11 the page begins with a sentence', (await page.locator('.lead').first().innerText()).length > 10);
await page.getByRole('link', { name: '规上工业亩均税收' }).first().click();
await page.getByRole('heading', { name: '怎样计数' }).waitFor();
claim('J11 one press: how it is counted', (await page.locator('.formula').innerText()).includes('/'));
await page.getByRole('link', { name: /条记录/ }).click();
await page.waitForURL(/registers\//);
await page.locator('tbody th a').first().waitFor();
await page.locator('tbody tr').first().waitFor();
claim('J11 two presses: the records behind it', (await page.locator('tbody tr').count()) > 0);
await page.locator('tbody a').first().click();
await page.locator('main h1').first().waitFor();
claim('J11 three presses: one record with its source', true);
// Step 5: the paper before the meeting carries the snapshot that its numbers are of, and prints.
await page.goto(`${origin}/`);
await page.waitForLoadState('networkidle');
const snapshot = await page.evaluate(async () => (await (await fetch('/api/pack')).json()).snapshot);
claim(
  'J11 the paper carries the number of its snapshot',
  snapshot.length > 0 && (await page.locator('main').innerText()).includes(snapshot),
);
// Step 6: on a phone the same three presses, nothing lost sideways.
await page.setViewportSize({ width: 390, height: 800 });
await page.goto(`${origin}/`);
const first = page.getByRole('link', { name: '规上工业亩均税收' }).first();
await first.waitFor();
claim('J11 on a phone nothing is lost sideways', await noSidewaysScroll(page));
await first.click();
await page.getByRole('heading', { name: '怎样计数' }).waitFor();
claim('J11 on a phone: how it is counted', await noSidewaysScroll(page));
await page.getByRole('link', { name: /条记录/ }).click();
await page.locator('tbody th a').first().waitFor();
await page.locator('tbody th a').first().click();
await page.locator('main h1').first().waitFor();
claim('J11 on a phone: one record in three presses', await noSidewaysScroll(page));
for (const one of others) {
  errors.push(...one.errors);
  statuses.push(...one.statuses);
  await one.browser.close();
}
claim('no page had an error on the way', errors.length === 0, errors.join('\n  '));
claim('no answer was a failure of the server', statuses.length === 0, statuses.join('\n  '));
await browser.close();
process.exit(failures() > 0 ? 1 : 0);
