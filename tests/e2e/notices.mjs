// 通知: an analyst chooses of a list, sees whom it would reach, sends; the town finds it among what waits, reads it, and only its own.
import { axe, claim, failures, noSidewaysScroll, open, origin } from './harness.mjs';

const analyst = await open({ account: 'analyst' });
const town = await open({ account: 'town' });
const contact = await open({ account: 'enterprise' });
async function checked(page, name) {
  await page.waitForLoadState('networkidle');
  const found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(page));
  if (process.env.TENGLONG_SHOTS) await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png` });
}
const page = analyst.page;
await page.goto(`${origin}/registers/enterprise`);
await page.locator('tbody tr').first().waitFor();
await page.locator('thead input[type=checkbox]').check();
await page.getByRole('button', { name: /^选中筛选出的全部/ }).click();
await page.getByRole('button', { name: '通知', exact: true }).click();
const dialog = page.getByRole('dialog', { name: '通知' });
claim('without a word nothing is asked', (await dialog.getByRole('button', { name: '预览' }).getAttribute('aria-disabled')) === 'true');
await dialog.getByLabel('要说的话').fill('请在 12 月 10 日以前核对用地面积');
await dialog.getByRole('button', { name: '预览' }).click();
const would = await dialog.getByRole('status').innerText();
const [, total, sent, refused] = /选中 (\d+) 条：能发 (\d+) 条，发给 \d+ 处；(\d+) 条发不到/.exec(would).map(Number);
claim('the preview counts: chosen = sent + refused', total === sent + refused && sent > 0 && refused > 0, would);
claim('and says why a record reaches nobody', (await dialog.innerText()).includes('还没有能收通知的账号'));
await checked(page, 'notices preview');
await dialog.getByRole('button', { name: `发出 ${sent} 条` }).click();
await dialog.getByText(`已发 ${sent} 条`).waitFor();
claim('what reached nobody can be taken out', await dialog.getByRole('link', { name: /没有发到的/ }).isVisible());
await dialog.getByRole('button', { name: '关闭' }).click();
await page.goto(`${origin}/notices`);
await page.getByText('0 个账号已阅').waitFor();
await checked(page, 'notices sent');

await town.page.goto(`${origin}/`);
await town.page.getByRole('link', { name: '1 件通知还没有看' }).click();
await town.page.getByRole('heading', { name: /核对用地面积/ }).waitFor();
claim('the town sees its own records of it', (await town.page.locator('main li a').count()) === Math.min(sent, 200));
await checked(town.page, 'notices received');
await town.page.getByRole('button', { name: /^标为已阅/ }).click();
await town.page.getByText('没有通知。').waitFor();
await page.reload();
await page.getByText('1 个账号已阅').waitFor();
claim('the sender learns that it was read', true);
await contact.page.goto(`${origin}/notices`);
await contact.page.getByText('没有通知。').waitFor();
claim('an enterprise that it was not sent to has none', true);

// To the enterprise itself, from a ranking, in English.
await page.goto(`${origin}/evaluation/schemes/above_scale_default`);
await page.locator('tbody tr').first().waitFor();
await page.locator('thead input[type=checkbox]').check();
await page.getByRole('button', { name: 'English' }).click();
await page.getByRole('button', { name: 'Notify', exact: true }).click();
const english = page.getByRole('dialog', { name: 'Notify' });
await english.getByLabel('What to say').fill('Check your figures');
await english.getByLabel('To', { exact: true }).selectOption('firms');
await english.getByRole('button', { name: 'Preview' }).click();
await english.getByRole('status').waitFor();
claim('in English: whom it would reach', /chosen: \d+ would go to/.test(await english.getByRole('status').innerText()));
await checked(page, 'notices in English');
for (const one of [analyst, town, contact]) {
  claim('no page had an error', one.errors.length === 0, one.errors.join('\n  '));
  claim('no answer was a failure of the server', one.statuses.length === 0, one.statuses.join('\n  '));
  claim('no request left the origin', one.outside.length === 0, one.outside.join('\n  '));
  await one.browser.close();
}
process.exit(failures() > 0 ? 1 : 0);
