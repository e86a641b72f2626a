// One value for many records: chosen, previewed with the exact count, written with a result per row, withdrawn as a whole; printed.
import { axe, claim, failures, folder, noSidewaysScroll, open, origin } from './harness.mjs';
import { readFileSync } from 'node:fs';

const { browser, page, outside, errors, statuses } = await open({ account: 'analyst' });
async function checked(name) {
  const found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(page));
  if (process.env.TENGLONG_SHOTS) await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png` });
}
const total = async (where) =>
  page.evaluate(
    async (w) => (await (await fetch(`/api/registers/enterprise/records?size=1&where=${encodeURIComponent(w)}`)).json()).total,
    where,
  );
const events = async () => page.evaluate(async () => (await (await fetch('/api/pack')).json()).change);

// The page, then all that the filter keeps.
const where = '公用工程类 = false';
await page.goto(`${origin}/registers/enterprise?where=${encodeURIComponent(where)}`);
await page.locator('tbody th a').first().waitFor();
const kept = await total(where);
await page.getByRole('checkbox', { name: '选中本页' }).check();
await page.getByText('选中 50 条', { exact: true }).waitFor();
claim('the page is chosen', true);
await page.getByRole('button', { name: `选中筛选出的全部 ${kept} 条` }).click();
await page.getByText(`选中 ${kept} 条`, { exact: true }).waitFor();
claim('all that the filter keeps are chosen', kept > 50);
await checked('a list with all chosen');
await page.getByRole('button', { name: '批量修改' }).click();
const dialog = page.getByRole('dialog', { name: '批量修改' });
await dialog.getByLabel('字段').selectOption({ label: '所在园区' });
await dialog.getByLabel('改成').selectOption({ index: 1 });
await dialog.getByLabel('修改理由').fill('园区边界调整');
const before = await events();
await dialog.getByRole('button', { name: '预览' }).click();
await dialog.getByText(/还没有写入/).waitFor({ timeout: 20000 });
const preview = await dialog.getByRole('status').last().innerText();
const count = Number(/会改 (\d+) 条/.exec(preview)[1]);
claim('the preview counts exactly what was chosen', preview.includes(`选中 ${kept} 条`) && count > 0, preview);
claim('nothing is written by it', (await events()) === before);
await checked('a preview');
await dialog.getByRole('button', { name: `写入 ${count} 条` }).click();
await dialog.getByText(/每条各留痕一条/).waitFor({ timeout: 120000 });
claim('as many are changed as the preview said', (await dialog.getByRole('status').last().innerText()).includes(`改了 ${count} 条`));
claim('each is an event of its own', (await events()) === before + count, `${before} ${await events()} ${count}`);
await checked('what was changed');
await dialog.getByRole('button', { name: '撤回整批' }).click();
await dialog.getByText(`整批已撤回：${count} 条回到原来的值。`).waitFor({ timeout: 120000 });
claim('the whole is withdrawn', (await events()) === before + 2 * count);
await dialog.getByRole('button', { name: '关闭' }).click();

// A few: one of them is changed by another since, so that nothing of it is withdrawn.
await page.goto(`${origin}/registers/enterprise`);
await page.locator('tbody th a').first().waitFor();
const boxes = page.locator('tbody').getByRole('checkbox');
for (let i = 0; i < 3; ++i) await boxes.nth(i).check();
await page.getByRole('button', { name: '批量修改' }).click();
await dialog.getByLabel('字段').selectOption({ label: '注册日期' });
await dialog.getByLabel('改成').fill('2011-05-06');
await dialog.getByRole('button', { name: '预览' }).click();
await dialog.getByText(/会改 3 条/).waitFor();
await dialog.getByRole('button', { name: '写入 3 条' }).click();
await dialog.getByText(/改了 3 条/).waitFor({ timeout: 20000 });
const acted = await page.evaluate(async () => {
  const session = await (await fetch('/api/session')).json();
  const key = (await (await fetch('/api/registers/enterprise/records?size=1')).json()).rows[0].key;
  const address = `/api/registers/enterprise/records/${key}`;
  const read = await fetch(address);
  const answer = await fetch(address, {
    method: 'PATCH',
    headers: {
      'Content-Type': 'application/json',
      'X-CSRF-Token': session.csrf_token,
      'Idempotency-Key': crypto.randomUUID(),
      'If-Match': read.headers.get('ETag'),
    },
    body: JSON.stringify({ values: { registered_on: '2012-01-01' } }),
  });
  return `${answer.status} ${await answer.text()}`;
});
claim('another change comes in between', acted.startsWith('200'), acted);
const standing = await events();
await dialog.getByRole('button', { name: '撤回整批' }).click();
await dialog.getByText(/没有撤回：1 条之后已有人办过/).waitFor({ timeout: 20000 });
claim('then nothing of the whole is withdrawn', (await events()) === standing);
await dialog.getByRole('button', { name: '关闭' }).click();

// What cannot be is refused row by row, and taken out as a file.
await page.getByRole('button', { name: '批量修改' }).click();
await dialog.getByLabel('字段').selectOption({ label: '注册日期' });
await dialog.getByLabel('改成').evaluate((input) => (input.type = 'text'));
await dialog.getByLabel('改成').fill('去年春天');
await dialog.getByRole('button', { name: '预览' }).click();
await dialog.getByText(/不能改 3 条/).waitFor();
claim('a value that no form would take is refused for each', await dialog.getByRole('cell', { name: '不能改' }).first().isVisible());
claim('and nothing can be written', (await dialog.getByRole('button', { name: /^写入/ }).getAttribute('aria-disabled')) === 'true');
await checked('rows that are refused');
for (const ending of ['.csv', '.xlsx']) {
  const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('link', { name: ending }).click()]);
  await file.saveAs(`${folder}/refused${ending}`);
}
const refused = readFileSync(`${folder}/refused.csv`, 'utf8');
claim('the refused come as a file with their reason', refused.includes('原因') && refused.trim().split('\r\n').length === 4, refused);
claim('as a workbook too', readFileSync(`${folder}/refused.xlsx`).subarray(0, 2).toString() === 'PK');
await dialog.getByRole('button', { name: '关闭' }).click();

// The chosen as one document.
await page.getByRole('button', { name: '打印选中的' }).click();
await page.getByText('3 条记录。').waitFor();
await checked('the chosen as one document');
const pdf = await page.pdf({ preferCSSPageSize: true });
const sheets = (pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length;
claim(`three records print on ${sheets} sheet`, sheets === 1);
// All that a filter keeps, more than one page of the list, as one document; its address is the list's question.
await page.goto(`${origin}/registers/enterprise`);
await page.locator('tbody th a').first().waitFor();
await page.getByLabel('选中本页').check();
await page.getByRole('button', { name: /^选中筛选出的全部/ }).click();
const printed = await page.evaluate(async () => (await (await fetch('/api/registers/enterprise/records?size=1')).json()).total);
await page.getByRole('button', { name: '打印选中的' }).click();
await page.getByText(`${printed} 条记录。`).waitFor({ timeout: 60000 });
claim(`all ${printed} are one document`, printed > 100 && (await page.locator('article section').count()) === printed);
await page.reload();
await page.getByText(`${printed} 条记录。`).waitFor({ timeout: 60000 });
claim('whose address opens it again', (await page.locator('article section').count()) === printed);
// A town's officer: only the rows of the town, and what is asked for beside them is not there.
const town = await open({ account: 'town' });
const answered = await town.page.evaluate(async (o) => o, origin);
await town.page.goto(`${answered}/registers/enterprise`);
await town.page.locator('tbody th a').first().waitFor();
const reach = await town.page.evaluate(async () => {
  const session = await (await fetch('/api/session')).json();
  const own = (await (await fetch('/api/registers/enterprise/records?size=1')).json()).total;
  const answer = await fetch('/api/registers/enterprise/bulk', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf_token, 'Idempotency-Key': crypto.randomUUID() },
    body: JSON.stringify({ field: 'park', value: '', trial: true }),
  });
  return { own, begun: await answer.json(), status: answer.status };
});
claim('a town reaches the rows of its list and no more', reach.status === 202 && reach.begun.total === reach.own, JSON.stringify(reach));
await town.browser.close();
await page.evaluate(() => localStorage.setItem('tenglong.language', 'en'));
await page.goto(`${origin}/registers/enterprise`);
await page.locator('tbody').getByRole('checkbox').first().check();
await page.getByRole('button', { name: 'Change many' }).click();
await checked('in English');
const english = page.getByRole('dialog', { name: 'Change many' });
await english.getByLabel('Field').selectOption({ label: '注册日期' });
await english.getByLabel('New value').evaluate((input) => (input.type = 'text'));
await english.getByLabel('New value').fill('last spring');
await english.getByRole('button', { name: 'Preview' }).click();
await english.getByRole('cell', { name: 'refused' }).waitFor();
claim(
  'what is refused is said in English',
  !/[\u4e00-\u9fff]/.test(await english.getByRole('status').last().innerText()),
  await english.getByRole('status').last().innerText(),
);
await checked('refused in English');
await english.getByLabel('New value').fill('2011-05-07');
await english.getByRole('button', { name: 'Preview' }).click();
await english.getByRole('button', { name: /^Write 1/ }).click();
await english.getByRole('button', { name: 'Withdraw the whole' }).click();
await english.getByRole('button', { name: 'Withdraw the whole' }).waitFor({ state: 'detached' });
claim('written and withdrawn in English', (await english.locator('.said').innerText()).length > 0);
await checked('withdrawn in English');
claim('no request left the origin', outside.length === 0, outside.join('\n  '));
claim('no page had an error on the way', errors.length === 0, errors.join('\n  '));
claim('no answer was a failure of the server', statuses.length === 0, statuses.join('\n  '));
await browser.close();
process.exit(failures() > 0 ? 1 : 0);
