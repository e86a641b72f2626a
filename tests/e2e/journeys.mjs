// The journeys as people walk them: trying an evaluation (J2), how an enterprise rises (J8 step 1), a leader asking after one
// number (J11).
import { claim, failures, noSidewaysScroll, open, origin } from './harness.mjs';

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

// J8 step 1: an enterprise that is not the best sees how to rise, from the same engine.
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
claim('no page had an error on the way', errors.length === 0, errors.join('\n  '));
claim('no answer was a failure of the server', statuses.length === 0, statuses.join('\n  '));
await browser.close();
process.exit(failures() > 0 ? 1 : 0);
