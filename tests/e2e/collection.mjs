// J1 as an officer of a department walks it who has never been here: sign in, upload a real workbook, see every mistake at once,
// upload it mended, confirm; the result moves. Then the header that nobody knows, and the same figures in English.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { axe, claim, failures, folder, layoutShift, noSidewaysScroll, open, origin } from './harness.mjs';

const kFirm = '91330902400000149J'; // the second row of the workbook
const { browser, page, outside, errors, statuses } = await open({ account: '' });
const checked = async (name) => {
  await page.waitForLoadState('networkidle');
  const found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(page));
  if (process.env.TENGLONG_SHOTS) await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png` });
};
// A department does not see results before they are published; the analyst does.
const analyst = await open({ account: 'analyst' });
async function totalOf(code) {
  await analyst.page.goto(`${origin}/enterprises/${code}?period=2023`);
  await analyst.page.locator('.lead').first().waitFor();
  return analyst.page.locator('.lead').first().innerText();
}
async function upload(file, { isChecked = false } = {}) {
  await page.getByRole('button', { name: '上传来表' }).click();
  const form = page.getByRole('dialog');
  await form.locator('input[type=file]').setInputFiles(`${folder}/${file}`);
  if (isChecked) await form.getByLabel('异常大的数已核对过').check();
  return form;
}
const ended = () => page.getByRole('button', { name: '再传一份' }).waitFor({ timeout: 30000 });

await page.goto(`${origin}/`);
await page.getByLabel('账号').fill('department');
await page.getByLabel('口令', { exact: false }).first().fill('sample-district-2021');
await page.getByRole('button', { name: '登录' }).click();
await page.getByRole('link', { name: '数据', exact: true }).click();
await page.getByRole('heading', { name: '年度数据' }).waitFor();
await page
  .getByRole('row', { name: /工业增加值/ })
  .first()
  .waitFor();
claim('J1 what is due stands there with its day and its state', (await page.getByText(/逾期 \d+ 天/).count()) > 0);
claim('J1 a department sees what it gives, no more', (await page.locator('tbody td', { hasText: '区税务局' }).count()) === 0);
await checked('collection');
const form = await upload('统计.xlsx');
await checked('upload');
await form.getByRole('button', { name: '上传并检查' }).click();
await page.waitForURL(/\/data\/imports\//);
await ended();
const report = await page.locator('main').innerText();
claim(
  'J1 every mistake at once, each at its cell',
  ['主要指标!E5', '主要指标!F8', '主要指标!C6', '主要指标!A7'].every((cell) => report.includes(cell)),
  report.slice(0, 400),
);
claim('J1 with its cure', report.includes('对照营业执照补全'));
claim('J1 nothing was taken in', report.includes('没有入库'));
await checked('import refused');
const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /下载原表/ }).click()]);
await download.saveAs(`${folder}/问题.xlsx`);
claim(
  'J1 one’s own workbook comes back with its column 问题',
  download.suggestedFilename() === '统计_问题.xlsx' && statSync(`${folder}/问题.xlsx`).size > statSync(`${folder}/统计.xlsx`).size / 2,
  download.suggestedFilename(),
);
claim('J1 and is a workbook', readFileSync(`${folder}/问题.xlsx`).subarray(0, 2).toString() === 'PK');

const before = await totalOf(kFirm);
await page.goto(`${origin}/data/imports`);
const mended = await upload('统计_改.xlsx', { isChecked: true });
await mended.getByRole('button', { name: '上传并检查' }).click();
await page.waitForURL(/\/data\/imports\/./);
await ended();
claim(
  'J1 the mended file is taken in',
  (await page.getByText('已入库。').count()) > 0,
  (await page.locator('main').innerText()).slice(0, 600),
);
claim(
  'J1 only what differs is taken',
  /收下 2，没有变化 298/.test(await page.locator('main').innerText()),
  await page.locator('main').innerText(),
);
await checked('import done');
await page.goto(`${origin}/data/imports`);
const twice = await upload('统计_改.xlsx', { isChecked: true });
await twice.getByRole('button', { name: '上传并检查' }).click();
await page.waitForURL(/\/data\/imports\/./);
await ended();
claim('J1 the same file again takes nothing twice', (await page.locator('main').innerText()).includes('收下 0'));

// 待办: the first page says what waits, and leads to it.
const waits = async (words) => {
  await page.goto(`${origin}/`);
  const link = page.getByRole('link', { name: words });
  await link.waitFor();
  return link;
};
const toConfirm = await waits(/项数据待确认/);
const count = Number(/年 (\d+) 项/.exec(await toConfirm.innerText())[1]);
await toConfirm.click();
await page.waitForURL(/show=waiting/);
await page.getByRole('button', { name: `待我确认 ${count}` }).waitFor();
claim('待办 leads to the very items that wait', true);
await page.goto(`${origin}/data?period=2023`);
const row = page.getByRole('row', { name: /工业增加值/ }).last();
await row.getByRole('checkbox').check();
await page.getByRole('button', { name: '确认所选 1 项' }).click();
await page.getByText('已确认 1 项。').waitFor();
await page.getByRole('row', { name: /工业增加值.*已确认/ }).waitFor();
claim('J1 the provider confirms an item', true);
await page
  .getByRole('row', { name: /研发经费支出/ })
  .getByRole('checkbox')
  .check();
await page.getByRole('button', { name: '退回补报' }).first().click();
const back = page.getByRole('dialog');
claim('J1 a return needs its reason', (await back.getByRole('button', { name: /退回补报/ }).getAttribute('aria-disabled')) === 'true');
await back.getByLabel('理由').fill('口径与上年不同，请核对');
await back.getByRole('button', { name: /退回补报/ }).click();
await page.getByText('已退回 1 项。').waitFor();
await page.getByRole('row', { name: /研发经费支出.*退回/ }).waitFor();
claim('J1 and is seen', true);
claim(
  '待办 an item confirmed and one returned wait no more',
  (await (await waits(/项数据待确认/)).innerText()).includes(` ${count - 2} 项`),
);
claim('待办 what was returned waits to be sent again', (await (await waits(/1 项数据被退回/)).count()) === 1);
await page.goto(`${origin}/data?period=2023`);
await page.getByRole('button', { name: '催报', exact: true }).click();
claim('J1 one letter a unit says what is missing', /尚未报齐/.test(await page.getByRole('dialog').innerText()));
await page.keyboard.press('Escape');
const after = await totalOf(kFirm);
claim('J1 the result moves with the data', before !== after && /总分/.test(after), `${before}\n  ${after}`);

// A column whose name nobody knows: a person says which field it is, once.
await page.goto(`${origin}/data/imports`);
const unknown = await upload('统计_表头.xlsx', { isChecked: true });
await unknown.getByRole('button', { name: '上传并检查' }).click();
await page.waitForURL(/\/data\/imports\/./);
await ended();
const unread = await page.locator('main').innerText();
claim('a header that is not understood is told, and nothing is taken in', unread.includes('没有入库'), unread);
claim('where the server keeps a file is not told', !unread.includes('/uploads/'), unread);
await page.getByLabel(/统一社会信用代号.*是哪个字段/).selectOption({ label: '统一社会信用代码' });
await checked('columns');
await page.getByRole('button', { name: '照此再检查' }).click();
await page.getByText('已入库。').waitFor({ timeout: 30000 });
claim('and is read as they said', true);

// A header that is nearly a field's name is not left out in silence: nothing is read until somebody says what it is, and what it
// is near to is offered.
writeFileSync(`${folder}/近似.csv`, `统一社会信用代码,年度,规上,年平均职工人术（人）\n${kFirm},2023,是,77\n`);
await page.goto(`${origin}/data/imports`);
const near = await upload('近似.csv', { isChecked: true });
await near.getByRole('button', { name: '上传并检查' }).click();
await page.waitForURL(/\/data\/imports\/./);
await ended();
claim('a near header waits', (await page.locator('main').innerText()).includes('等人指定列'), await page.locator('main').innerText());
const offer = page.getByLabel(/年平均职工人术.*是哪个字段/);
await offer.waitFor();
claim('and is offered as what it is near to', (await offer.locator('option:checked').innerText()) === '年平均职工人数');
claim(
  'the key and the period have their names too',
  /统一社会信用代码[\s\S]*统一社会信用代码[\s\S]*年度[\s\S]*期间/.test(await page.locator('details table').first().innerText()),
  await page.locator('details table').first().innerText(),
);
await page.getByRole('button', { name: '照此再检查' }).click();
await page.getByText('已入库。').waitFor({ timeout: 30000 });

// A block from a spreadsheet goes the same way.
await page.goto(`${origin}/registers/enterprise_year?period=2023`);
await page.getByRole('link', { name: '粘贴', exact: true }).click();
const pasting = page.getByRole('dialog');
await pasting.getByLabel('从表格复制的内容').fill(`统一社会信用代码\t年平均职工人数（人）\n${kFirm}\t二十`);
await pasting.getByText('认出 1 行，2 列。').waitFor();
await checked('paste');
await pasting.getByRole('button', { name: '上传并检查' }).click();
await page.waitForURL(/\/data\/imports\/./);
await ended();
claim(
  'pasted rows are checked like a file',
  (await page.locator('main').innerText()).includes('B2'),
  (await page.locator('main').innerText()).slice(0, 500),
);

// Many are reminded at once: seen before, then a letter each, and no second on the same day.
const desk = analyst.page;
await desk.goto(`${origin}/data?period=2023`);
await desk.getByLabel('全选').check();
const owing = await desk.locator('.late li').count();
await desk.getByRole('button', { name: `催报所选 ${owing} 家` }).click();
const letters = desk.getByRole('dialog');
await letters.getByText(`会发 ${owing} 封`).waitFor();
claim('who would be reminded is seen before, each with its letter', (await letters.locator('details').count()) === owing);
await letters.locator('summary').first().click();
claim('the letter says what is owed', /逾期|到期/.test(await letters.locator('pre').first().innerText()));
const seen = await axe(desk);
claim('reminding many: axe finds nothing', seen.length === 0, seen.join('\n  '));
claim('reminding many: no sideways scroll at 1366', await noSidewaysScroll(desk));
if (process.env.TENGLONG_SHOTS) await desk.screenshot({ path: `${process.env.TENGLONG_SHOTS}/reminding-many.png` });
await letters.getByRole('button', { name: `发出 ${owing} 封` }).click();
await letters.getByText(`发出 ${owing} 封，今天已发过 0 家`).waitFor();
claim('each has its own result', (await letters.getByRole('cell', { name: '已发出' }).count()) === owing);
await letters.getByRole('button', { name: '关闭' }).click();
await desk.getByRole('button', { name: `催报所选 ${owing} 家` }).click();
await letters.getByText(`会发 0 封，今天已发过 ${owing} 家`).waitFor();
claim('no second letter on one day', true);
const shared = new URL(desk.url());
claim(
  'whom and of which year is in the address',
  shared.searchParams.get('remind').split(',').length === owing &&
    shared.searchParams.get('period') === '2023' &&
    shared.searchParams.get('letters') === '1',
  shared.href,
);
await desk.reload();
await letters.getByText(`会发 0 封，今天已发过 ${owing} 家`).waitFor();
claim('and the letters are open again from it', (await letters.getByRole('row').count()) === owing + 1);
await letters.getByRole('button', { name: '关闭' }).click();
await desk.waitForURL((url) => !url.search.includes('letters'));
await desk.locator('.late li').first().getByRole('button', { name: '催报' }).click();
await desk.waitForURL(/letter=/);
await letters.locator('pre').waitFor();
claim('one letter too', /period=2023/.test(desk.url()));
await letters.getByRole('button', { name: '关闭' }).click();
// The same in English.
await desk.getByRole('button', { name: 'English' }).click();
await desk.goto(shared.href);
await letters.getByText('0 would get a letter').waitFor();
claim('in English every word of the dialog is', !/[\u4e00-\u9fff]/.test(await letters.getByRole('heading').first().innerText()));
const english = await axe(desk);
claim('reminding many in English: axe finds nothing', english.length === 0, english.join('\n  '));
claim('reminding many in English: no sideways scroll at 1366', await noSidewaysScroll(desk));
if (process.env.TENGLONG_SHOTS) await desk.screenshot({ path: `${process.env.TENGLONG_SHOTS}/reminding-in-English.png` });
await letters.getByRole('button', { name: 'Close' }).click();
await desk.getByRole('button', { name: '中文' }).click();

// The same figures in both languages; nothing jumps when they arrive.
const figures = async () => (await analyst.page.locator('td.number').allInnerTexts()).map((text) => text.replace(/[^\d.,−]/g, ''));
for (const [name, address] of [
  ['collection', '/data?period=2023'],
  ['an enterprise', `/enterprises/${kFirm}?period=2023`],
  ['a register', '/registers/enterprise_year?period=2023'],
]) {
  await analyst.page.goto(origin + address);
  await analyst.page.locator('td.number').first().waitFor();
  await analyst.page.waitForLoadState('networkidle');
  const shift = await layoutShift(analyst.page);
  claim(`${name}: cumulative layout shift ${shift.toFixed(3)}, at most 0.1`, shift <= 0.1);
  const zh = await figures();
  await analyst.page.getByRole('button', { name: 'English' }).click();
  const en = await figures();
  claim(
    `${name}: ${zh.length} figures are the same in English`,
    zh.length > 0 && zh.length === en.length && zh.every((text, i) => text === en[i]),
    `${zh.slice(0, 40)}\n  ${en.slice(0, 40)}`,
  );
  await analyst.page.getByRole('button', { name: '中文' }).click();
}
claim('no request left the origin', outside.length + analyst.outside.length === 0, outside.join('\n  '));
claim('no page had an error', errors.length + analyst.errors.length === 0, errors.join('\n  '));
claim('no answer was a failure of the server', statuses.length === 0, statuses.join('\n  '));
await browser.close();
await analyst.browser.close();
process.exit(failures() > 0 ? 1 : 0);
