// The other way in: from the sign-in page to the identity provider and back, without a password and without a phone.
import { axe, claim, failures, open, origin } from './harness.mjs';

const { browser, page } = await open({ account: '' });
const toDoor = page.waitForURL(/\/sign-in/);
await page.goto(`${origin}/evaluation`);
await toDoor;
const way = page.getByRole('link', { name: '用样例证书登录' });
await way.waitFor();
claim('the door shows the other way in', true);
const found = await axe(page);
claim('the door with it: axe finds nothing', found.length === 0, found.join('\n  '));
await way.click();
await page.getByRole('link', { name: '出示证书' }).waitFor();
claim('it leads to the provider', !page.url().startsWith(origin));
const back = await page.getByRole('link', { name: '出示证书' }).getAttribute('href');
await page.getByRole('link', { name: '出示证书' }).click();
await page.waitForURL((url) => url.origin === origin && !url.pathname.startsWith('/sign-in'));
const session = await page.evaluate(async () => (await fetch('/api/session')).json());
claim('and back into the account that the provider names', session.account === 'analyst');
await page.getByRole('button', { name: '退出' }).click();
await page.waitForURL(/\/sign-in/);
// The address of the way back is good once.
await page.goto(back);
await page.getByRole('alert').waitFor();
claim('the same way back leads in no second time', (await page.getByRole('alert').innerText()).includes('没有登录成'));
claim('and nobody is signed in', (await page.evaluate(async () => (await (await fetch('/api/session')).json()).account)) === '');
await browser.close();
process.exit(failures() ? 1 : 0);
