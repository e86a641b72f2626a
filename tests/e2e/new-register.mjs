// A register that only the pack knows has its list, form, template, import, export, correction and history without a line of code.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { axe, claim, failures, folder, noSidewaysScroll, open, origin } from './harness.mjs';

const { browser, page, outside, errors, statuses } = await open({ account: 'analyst' });
async function checked(name) {
  await page.waitForLoadState('networkidle');
  const found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(page));
}
await page.goto(`${origin}/registers`);
await page.getByRole('link', { name: '走访记录' }).click();
await page.getByText('还没有记录').waitFor();
claim('a register of the pack has its list, and says what to do while it is empty', true);
await checked('a new register');
const firm = await page.evaluate(async () => (await (await fetch('/api/registers/enterprise/records?size=1')).json()).rows[0].key);

const [template] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载填报表' }).click()]);
await template.saveAs(`${folder}/走访模板.xlsx`);
claim(
  'its template',
  statSync(`${folder}/走访模板.xlsx`).size > 2000 && template.suggestedFilename() === '走访记录_模板.xlsx',
  template.suggestedFilename(),
);

await page.getByRole('link', { name: '新增' }).click();
await page.getByLabel('走访日期').waitFor();
claim(
  'its form with units, codes, dates, yes and no',
  (await page.getByLabel('走访单位').locator('option').count()) > 5 && (await page.getByText('人', { exact: true }).count()) > 0,
);
claim('what is required when is said', (await page.getByText(/有问题.*时必填/).count()) > 0);
await checked('its form');
await page.getByLabel('走访企业代码').fill(firm);
await page.getByLabel('走访日期').fill('2023-03-02');
await page.getByLabel('在岗人数').fill('-4');
await page.getByLabel('有问题').selectOption({ label: '否' });
await page.getByRole('button', { name: '保存' }).click();
await page.getByRole('alert').waitFor();
claim('a number below its least is told at its field', (await page.getByLabel('在岗人数').getAttribute('aria-invalid')) === 'true');
await page.getByLabel('在岗人数').fill('40');
writeFileSync(`${folder}/笔录.pdf`, '%PDF-1.4 样例数据');
await page.getByLabel('走访笔录').setInputFiles(`${folder}/笔录.pdf`);
await page.getByText('笔录.pdf').waitFor();
await page.getByRole('button', { name: '保存' }).click();
await page.getByText(/已保存，回执/).waitFor();
claim(
  'its record page with sources',
  /40/.test(await page.getByRole('row', { name: /在岗人数/ }).innerText()) && /表单填报/.test(await page.locator('main').innerText()),
);
const [note] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '笔录.pdf' }).click()]);
await note.saveAs(`${folder}/笔录取回.pdf`);
claim(
  'its file is handed in with the form and opened again, byte for byte',
  readFileSync(`${folder}/笔录取回.pdf`, 'utf8') === '%PDF-1.4 样例数据' && note.suggestedFilename() === '笔录.pdf',
  note.suggestedFilename(),
);
await page.getByRole('link', { name: '修改' }).click();
await page.getByLabel('在岗人数').waitFor();
await page.getByLabel('在岗人数').fill('41');
await page.getByRole('button', { name: '保存' }).click();
await page
  .getByText(/40 → 41/)
  .first()
  .waitFor();
await page.getByRole('heading', { name: '变更记录' }).waitFor();
await page.waitForLoadState('networkidle');
claim('its history', (await page.locator('main').innerText()).split('40 → 41').length > 2);
await checked('its record');

writeFileSync(
  `${folder}/走访.csv`,
  `走访企业代码,走访日期,在岗人数（人）,有问题,问题说明\n${firm},2023-04-01,38,否,\n${firm},2023-05-01,多,否,\n`,
);
await page.goto(`${origin}/registers/visit`);
await page.getByRole('link', { name: '导入来表' }).click();
const form = page.getByRole('dialog');
await form.locator('input[type=file]').setInputFiles(`${folder}/走访.csv`);
claim('its import begins with the register chosen', (await form.getByLabel('台账').inputValue()) === 'visit');
await form.getByRole('button', { name: '上传并检查' }).click();
await page.waitForURL(/\/data\/imports\/./);
await page.getByRole('button', { name: '再传一份' }).waitFor({ timeout: 20000 });
claim(
  'its import tells what is wrong at its cell',
  (await page.locator('main').innerText()).includes('C3'),
  (await page.locator('main').innerText()).slice(0, 500),
);
await page.goto(`${origin}/registers/visit`);
await page.locator('tbody tr').first().waitFor();
const [sheet] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '导出所筛' }).click()]);
await sheet.saveAs(`${folder}/走访.xlsx`);
claim('its export', statSync(`${folder}/走访.xlsx`).size > 2000);
await page.locator('tbody th a').first().click();
await page.getByRole('heading', { name: '数据与来源' }).waitFor();
claim('the list leads to its records', /\/registers\/visit\//.test(page.url()));
const paper = await page.pdf({ format: 'A4' });
claim('its record prints', (paper.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length === 1);
claim('no request left the origin', outside.length === 0, outside.join('\n  '));
claim('no page had an error', errors.length === 0, errors.join('\n  '));
claim('no answer was a failure of the server', statuses.length === 0, statuses.join('\n  '));
await browser.close();
process.exit(failures() > 0 ? 1 : 0);
