// An analyst changes a decision table in the field's own editor: the pack's text is written, the check is live, what cannot be
// kept stands at its cell; sent and approved as ever.
import { axe, claim, failures, noSidewaysScroll, open, origin } from './harness.mjs';

const analyst = await open({ account: 'analyst' });
const chief = await open({ account: 'chief' });
const people = [analyst, chief];
async function checked(page, name) {
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => window.scrollTo(0, 0));
  const found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(page));
  if (process.env.TENGLONG_SHOTS)
    await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png`, fullPage: true });
}
const page = analyst.page;
const main = () => page.locator('main').innerText();
const cell = (row, column) =>
  page.locator(`tbody tr:nth-child(${row}) td`).filter({ has: page.locator(`[role=textbox][aria-label$="“${column}”"]`) });
const region = (of = page) => of.locator('.dmn-editor');
// Opens a cell as a person does, and writes over what is there.
async function write(row, column, words) {
  const at = cell(row, column);
  await at.click();
  // The editor moves the focus when it has drawn: nobody types before it is there.
  for (let i = 0; i < 100 && !(await at.evaluate((td) => td.contains(document.activeElement))); i++) await page.waitForTimeout(50);
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(words);
}
const saved = () => page.getByText(/已自动保存/).waitFor();
async function textOf(name) {
  const answer = await page.evaluate(
    async (at) => (await fetch(at)).json(),
    `/api/revisions/${new URL(page.url()).pathname.split('/').pop()}`,
  );
  return answer.parts.find((part) => part.name === name).text;
}
async function until(what, holds) {
  for (let i = 0; i < 60 && !(await holds()); i++) await page.waitForTimeout(150);
  claim(what, await holds());
}

await page.goto(`${origin}/rules/revisions`);
await page.getByRole('button', { name: /^以本年方案为底，起草 \d{4} 年$/ }).click();
await page.getByRole('heading', { name: /年度评价办法$/, level: 1 }).waitFor();
claim('a scheme has no table for the editor', (await page.getByRole('link', { name: 'DMN 编辑器' }).count()) === 0);
for (const name of ['一票否决', '重点行业']) {
  await page.getByRole('button', { name: '收进一块' }).click();
  await page.getByRole('dialog').getByLabel('按名称找').fill(name);
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  await page.getByRole('heading', { name, level: 2 }).waitFor();
}
const sector = await textOf('重点行业');
const before = performance.now();
await page.getByRole('link', { name: 'DMN 编辑器' }).click();
await region().locator('tbody tr').first().waitFor();
// Its mark stays as it was made, though the policy of the pages allows no style of an element but these.
const mark = page.locator('.bjs-powered-by').first();
claim('the mark of the editor stands where it puts it', (await mark.evaluate((a) => getComputedStyle(a).position)) === 'absolute');
await mark.click();
const lightbox = page.locator('.bjs-powered-by-lightbox');
claim('and says what it is', (await lightbox.evaluate((a) => getComputedStyle(a).position)) === 'fixed');
await lightbox.locator('.backdrop').click({ position: { x: 5, y: 5 } });
await lightbox.waitFor({ state: 'detached' });
console.log(`# the editor stood after ${Math.round(performance.now() - before)} ms`);
claim('the tab is in the address', page.url().includes('tab=dmn'));
await checked(page, 'a table in the editor');
claim('the mark of bpmn.io is seen', await page.locator('.bjs-powered-by').isVisible());
claim('opening it changes nothing', (await textOf('重点行业')) === sector);

// One cell, one note, one row more: the text has them, and nothing else moved.
await write(1, '说明', '船舶与海工');
await saved();
await until(
  'a note is written in the text',
  async () => (await textOf('重点行业')) === sector.replace('船舶及海洋工程装备制造、船舶修理', '船舶与海工'),
);
claim('saving takes nothing out of the hands', await page.evaluate(() => !!document.activeElement?.closest('.dmn-editor')));
await cell(2, '说明').click({ button: 'right' });
await page.getByRole('menuitem', { name: '下面加一条规则' }).waitFor();
await checked(page, 'the menu of a row');
await page.getByRole('menuitem', { name: '下面加一条规则' }).click();
await write(3, '企业.行业', '"131"');
await write(3, '重点行业', '"粮食"');
await until('a rule added stands in the text', async () => (await textOf('重点行业')).includes('| "131" | "粮食" | - |'));
await page.getByText('没有要改的').waitFor();
await checked(page, 'a rule more');

// On a slow line two savings follow each other; what is typed as the second comes back stays in the hands.
const slow = async (route) => {
  await new Promise((resolve) => setTimeout(resolve, route.request().method() === 'PUT' ? 1500 : 600));
  await route.continue();
};
const wrote = () => page.waitForResponse((r) => r.url().endsWith('/dmn') && r.request().method() === 'PUT', { timeout: 20000 });
await page.route(/\/dmn$/, slow);
const firstSaved = wrote();
await write(1, '说明', '船舶');
await page.waitForTimeout(1400);
await write(2, '说明', '水产');
await firstSaved;
const secondSaved = wrote();
await cell(3, '说明').click();
await secondSaved;
await page.keyboard.insertText('粮食加工');
await until('what is typed while savings come back is kept', async () => {
  const text = await textOf('重点行业');
  return ['| 船舶 |', '| 水产 |', '| 粮食加工 |'].every((words) => text.includes(words));
});
await page.unroute(/\/dmn$/, slow);
await write(1, '说明', '船舶与海工');
await page.getByText('没有要改的').waitFor();

// A cell that is no FEEL is kept as a draft is, and told at its row and column.
await write(3, '重点行业', '"粮食');
await page.getByText('第 3 行“重点行业”').first().waitFor();
claim('the cell is marked', (await cell(3, '重点行业').locator('[aria-invalid=true]').count()) > 0);
claim('a draft that is wrong is held back', (await page.getByRole('button', { name: '送审' }).getAttribute('aria-disabled')) === 'true');
await checked(page, 'a wrong cell');
await write(3, '重点行业', '"粮食"');
await page.getByText('没有要改的').waitFor();

// What the pack has no word for is not kept, and leaving asks.
const kept = await textOf('重点行业');
await page.locator('th.input-cell').first().dblclick();
await page.locator('.ref-text [contenteditable=true]').click();
await page.keyboard.press('Control+A');
await page.keyboard.insertText('企业.行当');
await checked(page, 'an input being changed');
await page.getByText('刚才的改动没有存上').waitFor();
claim('an input that is no field is told with its cure', /企业\.行当/.test(await main()));
claim('nothing of it is kept', (await textOf('重点行业')) === kept);
await page.keyboard.press('Escape');
await checked(page, 'what cannot be kept');
await page.getByRole('link', { name: '表单' }).click();
await page.getByRole('dialog').getByText('有 1 处没有存上').waitFor();
await page.getByRole('button', { name: '留下改好' }).click();
claim('one may stay', page.url().includes('tab=dmn'));
await page.locator('th.input-cell').first().dblclick();
await page.locator('.ref-text [contenteditable=true]').click();
await page.keyboard.press('Control+A');
await page.keyboard.insertText('企业.行业');
await page.getByText('刚才的改动没有存上').waitFor({ state: 'detached' });
claim('mended, it is as it was', (await textOf('重点行业')) === kept);
await page.keyboard.press('Escape');

// The hit policy: a list that opens by keyboard and is chosen from by mouse or by keyboard.
await page.getByRole('button', { name: /^命中方式/ }).focus();
await page.keyboard.press('ArrowDown');
await checked(page, 'hit policies');
await page.locator('.dms-select-options .option').filter({ hasText: '首个' }).click();
await until('another hit policy is written', async () => (await textOf('重点行业')) === kept.replace('hit: unique', 'hit: first'));
await page.getByRole('button', { name: /^命中方式/ }).focus();
for (const key of ['ArrowDown', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
await until('and taken back', async () => (await textOf('重点行业')) === kept);

// By keyboard alone: from cell to cell, and a letter into the last.
await cell(1, '说明').getByRole('textbox').focus();
await page.keyboard.press('End');
await page.keyboard.type('等');
await until('the keyboard writes', async () => (await textOf('重点行业')).includes('船舶与海工等'));
await cell(3, '说明').getByRole('textbox').focus();
await page.keyboard.press('ContextMenu');
await page.getByRole('menuitem', { name: '删去这条规则' }).waitFor();
const chosen = () => page.locator('.context-menu-group-entry.focused').allInnerTexts();
for (let i = 0; i < 9 && !(await chosen()).includes('删去这条规则'); i++) await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
await until('and takes a rule away by the menu', async () => !(await textOf('重点行业')).includes('"131"'));

// 一票否决 says more than the standard: that is said, and kept.
await page
  .getByRole('navigation', { name: '这一稿里的块' })
  .getByRole('link', { name: /一票否决/ })
  .click();
await page.getByText(/collect_worst/).waitFor();
await region().locator('tbody tr').nth(7).waitFor();
const veto = await textOf('一票否决');
await checked(page, 'a wide table');
await cell(8, '说明').click();
await page.keyboard.press('Control+A');
await page.keyboard.insertText('能耗不达标（新）');
await until('its word is kept', async () => (await textOf('一票否决')) === veto.replace('| 能耗不达标 |\n', '| 能耗不达标（新） |\n'));
await page.getByRole('link', { name: '原文' }).click();
const text = page.getByRole('textbox', { name: /的原文$/ });
await text.waitFor();
claim(
  'the text shows it',
  (await text.inputValue()).includes('能耗不达标（新）') && (await text.inputValue()).includes('hit: collect_worst'),
);
// On a slow line the answer to an earlier saving does not take back what was typed since.
await page.route(/\/text$/, slow);
const asText = await text.inputValue();
const came = page.waitForResponse((r) => r.url().endsWith('/text') && r.request().method() === 'PUT', { timeout: 20000 });
await text.fill(asText.replace('（新）', '（甲）'));
await page.waitForTimeout(1000);
await text.fill(asText.replace('（新）', '（乙）'));
await page.waitForTimeout(1000);
await came;
await page.waitForTimeout(300);
claim('the text stays as it was typed while savings come back', (await text.inputValue()).includes('（乙）'));
await until('and is kept so', async () => (await textOf('一票否决')).includes('（乙）'));
await page.unroute(/\/text$/, slow);
await text.fill(asText);
await until('it is put back', async () => (await textOf('一票否决')) === asText);
await page.getByRole('link', { name: /与现行的差别/ }).click();
await page.getByText('能耗不达标（新）').first().waitFor();
await page.getByRole('link', { name: '试算' }).click();
await page
  .getByRole('heading', { name: /换档企业/ })
  .first()
  .waitFor();
claim('it is tried as any draft', true);

// An input more: its name is offered, its cells take anything, and it can be taken away again.
const narrow = await textOf('一票否决');
await page.getByRole('link', { name: 'DMN 编辑器' }).click();
await region().locator('tbody tr').first().waitFor();
await page.locator('th.input-cell').last().click({ button: 'right' });
await page.getByRole('menuitem', { name: '右边加一列输入' }).click();
await page.locator('th.input-cell').last().dblclick();
await page.locator('.ref-text [contenteditable=true]').click();
await page.keyboard.type('小升');
await page.locator('.cm-tooltip-autocomplete li').filter({ hasText: '小升规' }).click();
await until('an input more stands in the text', async () => /inputs: \[.*能耗不达标, 小升规\]/.test(await textOf('一票否决')));
await page.getByText('没有要改的').waitFor();
await page.locator('th.input-cell').filter({ hasText: '小升规' }).click({ button: 'right' });
await page.getByRole('menuitem', { name: '删去这列输入' }).click();
await until('and is taken away again', async () => (await textOf('一票否决')) === narrow);

// A table that is not sound is mended in the text first.
const sound = await textOf('一票否决');
await page.getByRole('link', { name: '原文' }).click();
await text.fill(sound.replace('| 环境责任事故 |', '| 环境事故 |'));
await page.getByRole('link', { name: 'DMN 编辑器' }).click();
await page.getByText('这张表要先在原文里改好。').waitFor();
claim('what keeps the editor from opening is told with its line', /第 12 行.*表里缺“环境责任事故”这一列/s.test(await main()), await main());
await checked(page, 'a table that does not open');
await page.getByRole('link', { name: '原文' }).click();
await text.fill(sound);
await page.getByText('没有要改的').waitFor();
await page.getByRole('link', { name: 'DMN 编辑器' }).click();
await region().locator('tbody tr').first().waitFor();

// Somebody else is quicker: theirs is shown, and what was changed here is said to be lost.
const second = await open({ account: 'analyst' });
people.push(second);
await second.page.goto(page.url().replace('tab=dmn', 'tab=text'));
await second.page.getByRole('textbox', { name: /的原文$/ }).fill(sound.replace('能耗不达标（新）', '能耗（别人）'));
await second.page.getByText(/已自动保存/).waitFor();
await write(1, '说明', '没有存上的');
await page.getByText('您写的没有存上：编辑器里的改动').waitFor();
await page.getByRole('button', { name: '看现在的' }).click();
await region().getByText('能耗（别人）').waitFor();
claim('an edit of two is told, and theirs is shown', (await region().getByText('没有存上的').count()) === 0);
await write(1, '说明', '存得上的');
await until('and one goes on from there', async () => (await textOf('一票否决')).includes('| 存得上的 |'));

// English.
await page.getByRole('link', { name: 'DMN 编辑器' }).click();
await region().locator('tbody tr').first().waitFor();
await page.getByRole('button', { name: 'English' }).click();
await page.getByText(/which the standard lacks/).waitFor();
await page.getByText('Hit policy:').waitFor();
await checked(page, 'a table in English');
await page.getByRole('button', { name: '中文' }).click();

// Sent, it is read and not written; another approves it.
await page.getByRole('button', { name: '送审' }).click();
await page.getByRole('dialog').getByRole('button', { name: '送审' }).click();
await page.getByText('已送审，由另一个人批准。').waitFor();
await page.getByText(/^只读。/).waitFor();
claim('what is sent is read only', (await region().locator('[contenteditable=true]').count()) === 0);
await checked(page, 'a table that waits');
const boss = chief.page;
await boss.goto(page.url());
await region(boss).locator('tbody tr').first().waitFor();
await boss.getByRole('button', { name: '审批' }).click();
await boss.getByRole('dialog').getByLabel('文号').fill('样例文件〔2025〕1号');
await boss.getByRole('dialog').getByLabel('施行日期').fill('2025-01-01');
await boss.getByRole('dialog').getByRole('button', { name: '批准' }).click();
await boss.getByText(/已批准，从 2025-01-01 起施行/).waitFor();
claim('a table of the editor is approved as any rule', true);

claim(
  'nothing asked of anyone else',
  people.every((one) => one.outside.length === 0),
  people.flatMap((one) => one.outside).join('\n  '),
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
