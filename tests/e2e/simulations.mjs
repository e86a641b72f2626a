// What-ifs kept under a name: saved, opened, set side by side, run again when the data has moved, deleted by whoever saved them.
import { axe, claim, failures, noSidewaysScroll, open, origin } from './harness.mjs';

const { browser, page, outside, errors, statuses } = await open({ account: 'analyst' });
await page.goto(`${origin}/simulator`);
const handle = page.getByRole('slider').first();
await handle.waitFor();
const keep = page.getByRole('button', { name: '存下这一组改动' });
claim('with nothing changed there is nothing to save', (await keep.getAttribute('aria-disabled')) === 'true');
async function save(name, presses) {
  await page.getByRole('slider').first().focus();
  for (let i = 0; i < presses; ++i) await page.keyboard.press('PageUp');
  await page.waitForURL(/set=/);
  await keep.click();
  await page.getByLabel('名称').fill(name);
  await page.getByRole('button', { name: '保存' }).click();
  await page
    .getByRole('status')
    .filter({ hasText: `“${name}”已存下` })
    .waitFor();
}
// A price: moved by its handle, and kept with what it comes to.
await page.getByRole('slider', { name: '差别化用电加价标准(D)' }).focus();
await page.keyboard.press('PageUp');
await page.waitForURL(/set=/);
await keep.click();
await page.getByLabel('名称').fill('加价再高一角');
await page.getByRole('button', { name: '保存' }).click();
await page.getByRole('status').filter({ hasText: '“加价再高一角”已存下' }).waitFor();
const priced = (await page.evaluate(async () => (await (await fetch('/api/simulations')).json()).simulations))[0];
const money = priced.key.find((k) => k.id === 'price_1');
claim(
  'what is kept has the money before and after',
  money?.now.unit === '万元' && Number(money.now.value) > Number(money.before.value) && money.change.value !== undefined,
  JSON.stringify(priced.key),
);
await page.getByRole('columnheader', { name: '用电加价' }).waitFor();
await page.getByRole('button', { name: '恢复现行办法' }).click();
await page
  .getByRole('row')
  .filter({ has: page.getByRole('rowheader', { name: '加价再高一角', exact: true }) })
  .getByRole('button', { name: '删去' })
  .click();
await page.getByRole('status').filter({ hasText: '“加价再高一角”已删去' }).waitFor();
await save('税收加重', 4);
await save('税收再加重', 4);
const row = (name) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
claim(
  'both stand in the list with author and basis',
  (await row('税收加重').innerText()).includes('analyst') && (await row('税收加重').innerText()).includes('与现在相同'),
);
const kept = await page.evaluate(async () => (await (await fetch('/api/simulations')).json()).simulations);
claim('each says on which data and rules it was run', kept.length === 2 && kept.every((k) => k.snapshot.length > 8 && k.pack.length > 8));
await page.getByRole('button', { name: '恢复现行办法' }).click();
await row('税收加重').getByRole('button', { name: '税收加重' }).click();
const first = kept.find((k) => k.name === '税收加重');
await page.waitForURL((url) => url.searchParams.get('set') === `${first.set[0].what}=${first.set[0].value}`);
claim('opening one puts its changes into the address', true);
await row('税收加重').getByRole('checkbox').check();
await page.getByText('再勾一个').waitFor();
await row('税收再加重').getByRole('checkbox').check();
const side = page.getByRole('region', { name: '并排' });
await side.getByRole('columnheader', { name: '税收再加重' }).waitFor();
claim('side by side they show what was changed and what it comes to', (await side.innerText()).includes('等级变动'));
claim('what is compared stands in the address', page.url().includes('compare='));
await page.reload();
await side.getByRole('columnheader', { name: '税收再加重' }).waitFor();
claim('and comes back from it', true);
claim('no sideways scroll at 1366', await noSidewaysScroll(page));
let found = await axe(page);
claim('axe finds nothing', found.length === 0, found.join('\n  '));
if (process.env.TENGLONG_SHOTS) await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/simulations.png`, fullPage: true });
// The data moves: what was saved says so, and is run again.
const trial = page.url();
await page.goto(`${origin}/registers/enterprise_year/91330902400000149J/edit?period=2023`);
await page.getByLabel('年平均职工人数').fill('222');
await page.getByLabel('修改理由').fill('企业来函更正');
await page.getByRole('button', { name: '保存' }).click();
await page.getByText(/已保存，回执/).waitFor();
await page.goto(trial);
await row('税收加重').getByText('数据已变').waitFor();
claim('what was saved says that the data has moved', true);
await row('税收加重').getByRole('button', { name: '用现在的再算' }).click();
await row('税收加重').getByText('与现在相同').waitFor();
claim('run again it rests on the data of now', true);
// Another sees it and cannot delete it.
const other = await open({ account: 'chief' });
await other.page.goto(`${origin}/simulator`);
const theirs = other.page.getByRole('row').filter({ has: other.page.getByRole('rowheader', { name: '税收加重', exact: true }) });
await theirs.waitFor();
claim('another sees it and is offered no deletion', (await theirs.getByRole('button', { name: '删去' }).count()) === 0);
const refused = await other.page.evaluate(async (id) => {
  const session = await (await fetch('/api/session')).json();
  const answer = await fetch(`/api/simulations/${id}`, { method: 'DELETE', headers: { 'X-CSRF-Token': session.csrf_token } });
  return `${answer.status} ${await answer.text()}`;
}, first.id);
claim('and is refused by the server with the reason', refused.startsWith('403') && refused.includes('analyst'), refused);
await other.browser.close();
await row('税收加重').getByRole('button', { name: '删去' }).click();
await page.getByRole('status').filter({ hasText: '已删去' }).waitFor();
await row('税收加重').first().waitFor({ state: 'detached' });
claim('one’s own can be deleted', (await row('税收加重').count()) === 0);
await page.evaluate(() => localStorage.setItem('tenglong.language', 'en'));
await page.reload();
await page.getByRole('heading', { name: 'What-ifs that were saved' }).waitFor();
claim('it speaks English', true);
found = await axe(page);
claim('axe finds nothing in English', found.length === 0, found.join('\n  '));
claim('no request left the origin', outside.length === 0, outside.join('\n  '));
claim('no page had an error on the way', errors.length === 0, errors.join('\n  '));
claim('no answer was a failure of the server', statuses.length === 0, statuses.join('\n  '));
await browser.close();
process.exit(failures() > 0 ? 1 : 0);
