// Rows of a ranking and of a 清单 chosen: the page or all that the filter keeps; what is behind them changed with a result per row, and
// printed as one; afterwards among the jobs of whoever did it.
import { axe, claim, failures, noSidewaysScroll, open, origin } from './harness.mjs';

const { browser, page, outside, errors, statuses } = await open({ account: 'analyst' });
async function checked(name) {
  const found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(page));
  if (process.env.TENGLONG_SHOTS) await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png` });
}
await page.goto(`${origin}/`);
const { scheme, roster, kept } = await page.evaluate(async () => {
  const results = await (await fetch('/api/results')).json();
  const one = results.schemes.at(-1);
  const list = await (await fetch(`/api/results/schemes/${one.id}?grade=B,C&size=1`)).json();
  return { scheme: one, roster: results.rosters.at(-1), kept: list.total };
});
const events = async () => page.evaluate(async () => (await (await fetch('/api/pack')).json()).change);
const dialog = page.getByRole('dialog', { name: '批量修改' });

// All that the filter keeps, over pages.
await page.goto(`${origin}/evaluation/schemes/${scheme.id}?grade=B,C`);
await page.locator('tbody tr').first().waitFor();
await page.getByRole('checkbox', { name: '选中本页' }).check();
await page.getByText('选中 50 条', { exact: true }).waitFor();
await page.getByRole('button', { name: `选中筛选出的全部 ${kept} 条` }).click();
await page.getByText(`选中 ${kept} 条`, { exact: true }).waitFor();
claim(`all ${kept} of the filter are chosen`, kept > 50);
await checked('a ranking with all chosen');
await page.getByRole('button', { name: '批量修改' }).click();
const registers = await dialog.getByLabel('改哪本台账').locator('option').allInnerTexts();
claim(`what can be changed is what the pack has behind a row: ${registers.join('、')}`, registers.length === 2);
await dialog.getByLabel('字段').selectOption({ label: '所在园区' });
await dialog.getByLabel('改成').selectOption({ index: 1 });
const before = await events();
await dialog.getByRole('button', { name: '预览' }).click();
await dialog.getByText(/还没有写入/).waitFor({ timeout: 20000 });
const preview = await dialog.getByRole('status').last().innerText();
const count = Number(/会改 (\d+) 条/.exec(preview)[1]);
claim('the preview counts exactly what was chosen', preview.includes(`选中 ${kept} 条`) && count > 0, preview);
await checked('a preview over a ranking');
await dialog.getByRole('button', { name: `写入 ${count} 条` }).click();
await dialog.getByText(/每条各留痕一条/).waitFor({ timeout: 120000 });
claim('each is an event of its own', (await events()) === before + count);
await dialog.getByRole('button', { name: '撤回整批' }).click();
await dialog.getByText(`整批已撤回：${count} 条回到原来的值。`).waitFor({ timeout: 120000 });
await dialog.getByRole('button', { name: '关闭' }).click();

// A few of a 清单; refused row by row.
await page.goto(`${origin}/evaluation/rosters/${roster.id}`);
await page.locator('tbody tr').first().waitFor();
for (let i = 0; i < 3; ++i) await page.locator('tbody').getByRole('checkbox').nth(i).check();
await page.getByRole('button', { name: '批量修改' }).click();
await dialog.getByLabel('改哪本台账').selectOption({ index: 1 });
await dialog.getByLabel('字段').selectOption({ label: '用地面积' });
await dialog.getByLabel('改成').fill('很多');
await dialog.getByRole('button', { name: '预览' }).click();
await dialog.getByText(/不能改 3 条/).waitFor({ timeout: 20000 });
claim('a value that no form would take is refused for each', await dialog.getByRole('cell', { name: '不能改' }).first().isVisible());
await checked('rows of a list that are refused');
await dialog.getByRole('button', { name: '关闭' }).click();

// The chosen as one document, of either register.
await page
  .getByRole('button', { name: /^打印选中的：企业$|^打印选中的：.*企业.*/ })
  .first()
  .click();
await page.waitForURL(/\/print\?keys=/);
await page.getByText('3 条记录。').waitFor();
claim('the chosen print as one', true);
await checked('the chosen of a list as one document');

// A filter that leaves no row of somebody else's: the keys of a town are the town's.
const town = await open({ account: 'town' });
await town.page.goto(`${origin}/`);
const reach = await town.page.evaluate(async (id) => {
  const session = await (await fetch('/api/session')).json();
  const own = (await (await fetch(`/api/results/schemes/${id}?size=1`)).json()).total;
  const answer = await fetch('/api/registers/enterprise/bulk', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf_token, 'Idempotency-Key': crypto.randomUUID() },
    body: JSON.stringify({ field: 'park', value: '', trial: true, ranked: { kind: 'schemes', id, query: {} } }),
  });
  return { own, begun: await answer.json(), status: answer.status };
}, scheme.id);
claim('a town reaches the rows of its ranking and no more', reach.status === 202 && reach.begun.total === reach.own, JSON.stringify(reach));
await town.browser.close();

// Among the jobs, with who and how many were refused.
await page.goto(`${origin}/jobs`);
const job = page
  .getByRole('row')
  .filter({ hasText: '批量修改' })
  .filter({ hasText: `改了 ${count} 条` });
await job.first().waitFor();
claim('it stands among the jobs with who did it', (await job.first().innerText()).includes('analyst'));
const refusedJob = page.getByRole('row').filter({ hasText: '预览 3 条' });
const [file] = await Promise.all([page.waitForEvent('download'), refusedJob.first().getByRole('link', { name: '.csv' }).click()]);
claim('and the rows that were refused', /没有改成/.test(file.suggestedFilename()));
await checked('jobs of an analyst');
await page.evaluate(() => localStorage.setItem('tenglong.language', 'en'));
await page.goto(`${origin}/evaluation/rosters/${roster.id}`);
await page.locator('tbody').getByRole('checkbox').first().check();
await page.getByRole('button', { name: 'Change many' }).click();
await checked('a list chosen in English');
claim('no request left the origin', outside.length === 0, outside.join('\n  '));
claim('no page had an error', errors.length === 0, errors.join('\n  '));
claim('no answer was a failure of the server', statuses.length === 0, statuses.join('\n  '));
await browser.close();
process.exit(failures() > 0 ? 1 : 0);
