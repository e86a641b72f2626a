// The first run of a district that is no sample: three administrators, each with a second factor of their own before anything else.
import { createHmac } from 'node:crypto';
import { axe, claim, failures, open, origin } from './harness.mjs';

// The six digits an authenticator shows now (RFC 6238).
function digits(secret, at = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const letter of secret.replace(/[\s=]/g, '')) bits += letters.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = createHmac('sha1', key).update(step).digest();
  const from = mac[mac.length - 1] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1000000).padStart(6, '0');
}

const { browser, page, outside, errors } = await open({ account: '' });
await page.goto(`${origin}/`);
await page.waitForURL(/\/set-up/);
await page.getByRole('heading', { name: '首次设置' }).waitFor();
claim('a district without accounts begins with the three administrators', true);
const people = [
  ['keeper', '管账号的人', 'seven-slow-ferries'],
  ['granter', '授角色的人', 'quiet'],
  ['reader', '看留痕的人', 'long-tidal-islands'],
];
for (const [i, [account, name, password]] of people.entries()) {
  await page.getByLabel('账号').nth(i).fill(account);
  await page.getByLabel('姓名').nth(i).fill(name);
  await page.getByLabel('口令').nth(i).fill(password);
}
let found = await axe(page);
claim('set-up: axe finds nothing', found.length === 0, found.join('\n  '));
if (process.env.TENGLONG_SHOTS) await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/set-up.png` });
await page.getByRole('button', { name: '建立三个账号' }).click();
await page.getByRole('alert').waitFor();
claim(
  'a short password is told at its field',
  (await page.locator('.wrong').count()) === 1 && (await page.getByLabel('口令').nth(1).getAttribute('aria-invalid')) === 'true',
);
await page.getByLabel('口令').nth(1).fill('nine-stone-bridges');
await page.getByRole('button', { name: '建立三个账号' }).click();
await page.waitForURL(/\/sign-in/);
claim('the three are made, and sign in', true);
const enter = async (code) => {
  await page.getByLabel('账号').fill('keeper');
  await page.getByLabel('口令').fill('seven-slow-ferries');
  if (code) await page.getByLabel('动态码或恢复码').fill(code);
  await page.getByRole('button', { name: '登录' }).click();
};
await enter('');
await page.getByRole('heading', { name: '绑定第二因素' }).waitFor();
const secret = await page.locator('.secret b').innerText();
await page.getByLabel('六位数').fill('000000');
await page.getByRole('button', { name: '绑定' }).click();
await page.getByRole('alert').waitFor();
claim('a wrong first code is refused', true);
await page.getByLabel('六位数').fill(digits(secret));
found = await axe(page);
claim('second factor: axe finds nothing', found.length === 0, found.join('\n  '));
await page.getByRole('button', { name: '绑定' }).click();
await page.getByRole('heading', { name: '恢复码' }).waitFor();
const codes = await page.locator('.codes li').allInnerTexts();
claim(`${codes.length} recovery codes are shown once`, codes.length === 10);
found = await axe(page);
claim('recovery codes: axe finds nothing', found.length === 0, found.join('\n  '));
await page.getByRole('button', { name: '已经收好，进入' }).click();
await page.getByRole('link', { name: '系统' }).waitFor();
claim('the administrator is in', true);
await page.getByRole('button', { name: '退出' }).click();
await page.waitForURL(/\/sign-in/);
await enter('');
await page.getByRole('alert').waitFor();
claim('the password alone no longer opens', true);
await page.getByLabel('动态码或恢复码').fill(codes[0]);
await page.getByRole('button', { name: '登录' }).click();
await page.getByRole('link', { name: '系统' }).waitFor();
claim('a recovery code opens without the phone', true);
await page.goto(`${origin}/set-up`);
await page.getByText('首次设置已做完').waitFor();
claim('set-up is done once', (await page.getByRole('button', { name: '建立三个账号' }).count()) === 0);
claim('no request left the origin', outside.length === 0, outside.join('\n  '));
claim('no page had an error', errors.length === 0, errors.join('\n  '));
await browser.close();
process.exit(failures() > 0 ? 1 : 0);
