// 系统: units with their people, jobs with their results.
import { writeFileSync } from 'node:fs';
import { axe, claim, failures, folder, noSidewaysScroll, open, origin } from './harness.mjs';

const admin = await open({ account: 'system_admin' });
const { page } = admin;
async function checked(one, name) {
  await one.waitForLoadState('networkidle');
  const found = await axe(one);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(one));
  if (process.env.TENGLONG_SHOTS)
    await one.screenshot({ path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png`, fullPage: true });
}
await page.goto(`${origin}/units`);
await page.getByRole('rowheader', { name: '区统计局' }).waitFor();
const bureau = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: '区统计局', exact: true }) });
claim(
  'a unit shows what it provides and its people',
  /[1-9]/.test(await bureau.innerText()) && (await bureau.innerText()).includes('部门经办人'),
);
claim('its other names stand beside it', await page.getByRole('cell', { name: '区发改委' }).isVisible());
await checked(page, 'units');
await page.getByLabel('查找名称、别名、代码、人').fill('金塘镇');
await page.waitForURL(/q=/);
claim('what is looked for stands in the address', (await page.getByRole('rowheader', { name: '区统计局' }).count()) === 0);
const auditor = await open({ account: 'auditor' });
await auditor.page.goto(`${origin}/units`);
await auditor.page.getByText('各单位的人由管账号、授角色的管理员看。').waitFor();
claim('an auditor sees the units without the people', !(await auditor.page.locator('main').innerText()).includes('部门经办人'));
await auditor.browser.close();
await page.goto(`${origin}/backups`);
await page.getByRole('button', { name: '现在备份' }).click();
await page.getByRole('status').first().waitFor({ timeout: 60000 });
await page.goto(`${origin}/jobs`);
const backup = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: '备份', exact: true }) });
await backup.first().waitFor();
claim(
  'the last backup stands there with its result',
  (await backup.first().innerText()).includes('办完') && /MiB/.test(await backup.first().innerText()),
);
// An import of another stands there too: which file, whose, what became of it.
const analyst = await open({ account: 'analyst' });
const firm = (await (await analyst.page.request.get(`${origin}/api/registers/enterprise/records?size=50`)).json()).rows[0].key;
writeFileSync(`${folder}/走访.csv`, `约谈企业代码,约谈日期,约谈事由\n${firm},2023-06-01,走访\n`);
await analyst.page.goto(`${origin}/data/imports?upload=talk`);
const form = analyst.page.getByRole('dialog');
await form.locator('input[type=file]').setInputFiles(`${folder}/走访.csv`);
await form.getByLabel('提供单位').fill('区经信局');
await form.getByRole('button', { name: '上传并检查' }).click();
await analyst.page.getByText('已入库。').waitFor({ timeout: 20000 });
await analyst.browser.close();
await page.getByRole('button', { name: '刷新' }).click();
const imported = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: '导入：走访.csv' }) });
await imported.first().waitFor();
const told = await imported.first().innerText();
claim(
  'an import stands there with its file, who sent it, and what was written',
  /办完/.test(told) && /读 1 行，写入 1/.test(told) && told.includes('analyst'),
  told,
);
await checked(page, 'jobs');
// A file that was handed in and is in no record: told with its size, taken away once it is confirmed.
await page.goto(`${origin}/system`);
await page.getByRole('heading', { name: '没有记录指着的附件' }).waitFor();
const whole = async () => (await page.locator('main').innerText()).replace(/\s+/g, '');
claim('a file that nothing names is told with its size', (await whole()).includes('1份，24字节'), await whole());
await checked(page, 'system with a file that nothing names');
await page.getByRole('button', { name: '清掉' }).click();
await page.getByRole('dialog').getByRole('button', { name: '清掉' }).click();
await page.getByText(/^已清掉 /).waitFor();
await page.getByRole('button', { name: '清掉' }).waitFor({ state: 'detached' });
claim('and is taken away', (await whole()).includes('0份，0字节'), await whole());
const clerk = await open({ account: 'analyst' });
claim('who may not do it is not told', (await clerk.page.request.get(`${origin}/api/files/unnamed`)).status() === 403);
await clerk.browser.close();
await page.evaluate(() => localStorage.setItem('tenglong.language', 'en'));
await page.goto(`${origin}/units`);
await page.getByRole('heading', { name: 'Units', level: 1 }).waitFor();
await checked(page, 'units in English');
await page.goto(`${origin}/jobs`);
await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
await checked(page, 'jobs in English');
claim('no request left the origin', admin.outside.length === 0, admin.outside.join('\n  '));
claim('no page had an error on the way', admin.errors.length === 0, admin.errors.join('\n  '));
claim('no answer was a failure of the server', admin.statuses.length === 0, admin.statuses.join('\n  '));
await admin.browser.close();
process.exit(failures() > 0 ? 1 : 0);
