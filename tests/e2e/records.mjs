// Records by form, two who differ, corrections by two, values nobody published, the search, the rights.
import { writeFileSync } from 'node:fs';
import { axe, claim, failures, folder, noSidewaysScroll, open, origin } from './harness.mjs';

const kFirm = '91330902400000149J';
const analyst = await open({ account: 'analyst' });
const chief = await open({ account: 'chief' });
const department = await open({ account: 'department' });
const people = [analyst, chief, department];
async function checked(page, name) {
  await page.waitForLoadState('networkidle');
  const found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(page));
  if (process.env.TENGLONG_SHOTS) await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png` });
}
const refusedButton = async (button) => (await button.getAttribute('aria-disabled')) === 'true';

// A value is changed with its reason; what changed is said; it is withdrawn.
const page = analyst.page;
await page.goto(`${origin}/registers/enterprise_year/${kFirm}?period=2023`);
await page.getByRole('link', { name: '修改' }).click();
await page.getByLabel('年平均职工人数').waitFor();
const stood = await page.getByLabel('年平均职工人数').inputValue();
await page.getByLabel('年平均职工人数').fill('许多');
await page.getByRole('button', { name: '保存' }).click();
await page.getByRole('alert').waitFor();
claim('a mistake stands at its field with its cure', (await page.getByLabel('年平均职工人数').getAttribute('aria-invalid')) === 'true');
await checked(page, 'a form with a mistake');
await page.getByLabel('年平均职工人数').fill('222');
await page.getByLabel('修改理由').fill('企业来函更正');
await page.reload();
await page.getByText('上次没有保存的内容已经填回').waitFor();
claim('a half-filled form survives a reload', (await page.getByLabel('年平均职工人数').inputValue()) === '222');
await page.getByRole('button', { name: '保存' }).click();
await page.getByText(/已保存，回执/).waitFor();
claim('every save says what changed', (await page.locator('main').innerText()).includes(`${stood} → 222`));
await checked(page, 'a record');
await page.getByRole('button', { name: '撤回' }).click();
await page.getByText(/已撤回回执/).waitFor();
await page
  .getByRole('row', { name: /年平均职工人数/ })
  .filter({ hasNotText: '222' })
  .waitFor();
claim('and is withdrawn', (await page.getByRole('row', { name: /年平均职工人数/ }).innerText()).includes(stood));
await page.getByText(`222 → ${stood}`).first().waitFor();
claim('the history keeps both', (await page.locator('main').innerText()).includes(`222 → ${stood}`));

// Beside a field stand its hint and where the present value came from.
await page.goto(`${origin}/registers/enterprise_year/${kFirm}/edit?period=2023`);
await page
  .getByText(/^现值来自 /)
  .first()
  .waitFor();
const besides = await page
  .locator('form .one')
  .filter({ has: page.getByLabel('实缴税收') })
  .innerText();
claim('beside a field stands who provides it', besides.includes('由区税务局提供'), besides);
claim('and the file, sheet and cell that its value came from', /现值来自 .+\.xlsx · .+ · [A-Z]+\d+ · 区税务局/.test(besides), besides);
await checked(page, 'a form with sources');

// Two at the same record: no edit is lost.
const other = department.page;
for (const one of [page, other]) {
  await one.goto(`${origin}/registers/enterprise_year/${kFirm}/edit?period=2023`);
  await one.getByLabel('主营业务收入').waitFor();
}
await other.getByLabel('主营业务收入').fill('39000');
await other.getByRole('button', { name: '保存' }).click();
await other.getByText(/已保存，回执/).waitFor();
await page.getByLabel('主营业务收入').fill('39100');
await page.getByRole('button', { name: '保存' }).click();
await page.getByRole('heading', { name: '填写期间别人改过这一条' }).waitFor();
const both = await page.getByRole('row', { name: /主营业务收入/ }).innerText();
claim('a conflict shows what stood, what stands and what was typed', /39000/.test(both) && /39100/.test(both), both);
await checked(page, 'a conflict');
await page.getByRole('radio', { name: /39000/ }).check();
await page.getByRole('button', { name: '按所选保存' }).click();
await page
  .getByText(/没有变化|已保存/)
  .first()
  .waitFor();
claim('the other value is kept where it is chosen', (await page.getByRole('row', { name: /主营业务收入/ }).innerText()).includes('39,000'));

// A new record from the schema.
await page.goto(`${origin}/registers/talk`);
await page.getByRole('link', { name: '新增' }).click();
await page.getByLabel('约谈事由').waitFor();
await page.getByRole('button', { name: '保存' }).click();
await page.getByRole('alert').waitFor();
claim('a new record: everything that is missing at once', (await page.locator('[aria-invalid=true]').count()) >= 3);
await page.getByLabel('约谈企业代码').pressSequentially('样例城东建材0002');
await page.locator('datalist option').first().waitFor({ state: 'attached' });
claim('a record is found by part of its name', (await page.locator('datalist option').first().getAttribute('value')) === kFirm);
await page.getByLabel('约谈企业代码').fill(kFirm);
const named = page.getByRole('link', { name: /^打开 样例城东建材0002/ });
await named.waitFor();
claim('a field that names a record leads to it', (await named.getAttribute('href')) === `/registers/enterprise/${kFirm}`);
await page.getByLabel('约谈日期').fill('2023-05-09');
await page.getByLabel('约谈单位').selectOption({ label: '区经信局' });
await page.getByLabel('约谈事由').fill('整治进度');
await checked(page, 'a new record');
await page.getByRole('button', { name: '保存' }).click();
await page.getByText(/已保存，回执/).waitFor();
claim('a new record stands on its page', (await page.locator('main').innerText()).includes('整治进度'));

// Two units say different things of one value.
for (const [provider, reason] of [
  ['区经信局', '环保问题'],
  ['区税务局', '欠税问题'],
]) {
  writeFileSync(`${folder}/约谈_${provider}.csv`, `约谈企业代码,约谈日期,约谈事由\n${kFirm},2023-06-01,${reason}\n`);
  await page.goto(`${origin}/data/imports?upload=talk`);
  const form = page.getByRole('dialog');
  await form.locator('input[type=file]').setInputFiles(`${folder}/约谈_${provider}.csv`);
  await form.getByLabel('提供单位').fill(provider);
  await form.getByRole('button', { name: '上传并检查' }).click();
  await page.waitForURL(/\/data\/imports\/./);
  await page.getByText('已入库。').waitFor({ timeout: 20000 });
}
await page.goto(`${origin}/data/rivals?period=2023`);
await page.getByText('环保问题').waitFor();
claim('two who differ stand side by side with their files', /约谈_区税务局\.csv/.test(await page.locator('main').innerText()));
await checked(page, 'conflicts');
const choose = page.getByRole('button', { name: '选定' });
claim('nothing is chosen without a reason', await refusedButton(choose));
await page.getByRole('radio', { name: /环保问题/ }).check();
await page.getByLabel('理由').fill('以会议记录为准');
await choose.click();
await page.getByText(/已选定/).waitFor();
await page.getByText('没有冲突。').waitFor();
claim('the chosen one holds, with a receipt', true);

// A year is locked; then it is corrected by two, who see what it moves before.
await chief.page.goto(`${origin}/data?period=2022`);
await chief.page.getByRole('button', { name: '锁定 2022 年' }).click();
const lock = chief.page.getByRole('dialog');
await checked(chief.page, 'a lock');
await lock.getByRole('button', { name: '锁定 2022 年' }).click();
await lock.getByRole('alert').waitFor();
claim('a year with open items is not locked without reasons', (await lock.getByRole('alert').locator('li').count()) > 1);
await lock.getByLabel('统一的理由').fill('样例：按现有数据锁定');
await lock.getByRole('button', { name: '锁定 2022 年' }).click();
await chief.page.getByText(/已锁定，快照/).waitFor();
claim('a year is locked', true);
await checked(chief.page, 'a locked year');

await page.goto(`${origin}/registers/enterprise_year/${kFirm}/edit?period=2022`);
await page.getByLabel('实缴税收').fill('1');
await page.getByRole('button', { name: '保存' }).click();
await page.getByRole('alert').waitFor();
claim('a locked year is not changed by form, and it says what to do', (await page.getByRole('alert').innerText()).includes('更正单'));
await page.goto(`${origin}/registers/enterprise_year/${kFirm}?period=2022`);
await page.getByRole('button', { name: '提更正单' }).click();
const form = page.getByRole('dialog');
await form.getByLabel('项目').selectOption({ label: '实缴税收' });
await form.getByLabel('更正为').fill('1');
claim('a correction is not sent unseen', await refusedButton(form.getByRole('button', { name: '提交更正单' })));
await form.getByRole('button', { name: '看影响', exact: true }).click();
await form.getByRole('heading', { name: '牵动' }).waitFor({ timeout: 20000 });
claim('what it moves is seen before it is sent', (await form.locator('.lines li').count()) > 0);
await form.getByLabel('理由').fill('退税冲减');
await form.getByLabel('佐证').fill('税函〔2023〕3 号');
await checked(page, 'a correction');
await form.getByRole('button', { name: '提交更正单' }).click();
await form.getByText(/已提交，更正单/).waitFor({ timeout: 20000 });
claim('a correction is proposed', true);
await page.goto(`${origin}/data/corrections`);
await page.getByText('由另一个有权的人批准').waitFor();
claim('who proposed it does not approve it', (await page.getByRole('button', { name: /^批准/ }).count()) === 0);
// Taken back by whoever proposed it; the value may then be proposed again.
await page.getByRole('button', { name: '撤回', exact: true }).click();
await page.getByText(/已撤回。/).waitFor();
await page.getByRole('button', { name: /^已撤回 1/ }).waitFor();
claim('who proposed it takes it back', (await page.getByRole('button', { name: '撤回', exact: true }).count()) === 0);
await checked(page, 'a correction that was taken back');
await page.goto(`${origin}/registers/enterprise_year/${kFirm}?period=2022`);
await page.getByRole('button', { name: '提更正单' }).click();
await form.getByLabel('项目').selectOption({ label: '实缴税收' });
await form.getByLabel('更正为').fill('1');
await form.getByRole('button', { name: '看影响', exact: true }).click();
await form.getByRole('heading', { name: '牵动' }).waitFor({ timeout: 20000 });
await form.getByLabel('理由').fill('退税冲减');
await form.getByLabel('佐证').fill('税函〔2023〕3 号');
await form.getByRole('button', { name: '提交更正单' }).click();
await form.getByText(/已提交，更正单/).waitFor({ timeout: 20000 });
claim('and proposes it again', true);
await chief.page.goto(`${origin}/data/corrections`);
await chief.page.getByText('退税冲减').first().waitFor();
await checked(chief.page, 'corrections');
claim('a rejection needs its reason', await refusedButton(chief.page.getByRole('button', { name: /^驳回/ })));
await chief.page.getByLabel('批准意见或驳回理由').fill('属实');
await chief.page.getByRole('button', { name: /^批准/ }).click();
await chief.page.getByText(/已批准，评价和清单已重算/).waitFor({ timeout: 20000 });
await page.goto(`${origin}/registers/enterprise_year/${kFirm}?period=2022`);
await page.getByRole('row', { name: /实缴税收/ }).waitFor();
const corrected = await page.getByRole('row', { name: /实缴税收/ }).innerText();
claim('another approves it and the value is the corrected one', /实缴税收\s+1\s*万元/.test(corrected), corrected);

// A value nobody published: one enters it, another approves.
await page.goto(`${origin}/gaps`);
await page.getByRole('button', { name: '填入' }).first().waitFor();
await page.getByRole('button', { name: '填入' }).first().click();
await page.getByRole('dialog').getByRole('button', { name: '提交，待另一人批准' }).click();
await page.getByRole('dialog').getByText(/./).first().waitFor();
await page.waitForLoadState('networkidle');
claim('a value without its document is refused', (await page.getByRole('dialog').locator('.error, [role=alert]').count()) > 0);
await checked(page, 'a value to enter');
await page.keyboard.press('Escape');

// Found from anywhere by the keyboard.
await page.goto(`${origin}/`);
await page.locator('main h1').first().waitFor();
await page.keyboard.press('/');
await page.keyboard.type('城东建材0002');
await page
  .getByRole('option', { name: /样例城东建材0002/ })
  .first()
  .waitFor();
await checked(page, 'search in the bar');
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
await page.waitForURL(new RegExp(`/enterprises/${kFirm}`));
claim('/ finds an enterprise; arrow and Enter open it', true);
await page.keyboard.press('/');
await page.keyboard.type('ylcdjc');
const hits = page.getByRole('listbox').getByRole('option');
await hits.first().waitFor();
const found = await hits.first().innerText();
claim('by the initials of its pinyin', /样例城东建材/.test(found), found);
await page.keyboard.press('Enter');
await page.waitForURL(/\/search\?q=ylcdjc/);
await page.locator('main li a').first().waitFor();
claim('Enter alone shows everything found', true);

// The rights, to those who keep them.
const keeper = await open({ account: 'security_admin' });
people.push(keeper);
await keeper.page.goto(`${origin}/access`);
await keeper.page.getByRole('heading', { name: '谁能做什么' }).waitFor();
await keeper.page.getByRole('row', { name: /锁定年度/ }).waitFor();
await checked(keeper.page, 'rights');
claim('only those who are granted it lock a year', /全区/.test(await keeper.page.getByRole('row', { name: /锁定年度/ }).innerText()));

// Who has no right is told so, not shown an empty page.
const leader = await open({ account: 'leader' });
people.push(leader);
await leader.page.goto(`${origin}/registers/talk/+`);
await leader.page.getByText('没有填报这本台账的权限').waitFor();
claim('who may not enter is told who may', true);
await leader.page.goto(`${origin}/data/rivals`);
await leader.page.locator('.no-right').waitFor();
claim('who may not choose is told so', (await leader.page.locator('.no-right').innerText()).length > 4);

const all = (what) => people.flatMap((one) => one[what]);
claim('no request left the origin', all('outside').length === 0, all('outside').join('\n  '));
claim('no page had an error', all('errors').length === 0, all('errors').join('\n  '));
claim('no answer was a failure of the server', all('statuses').length === 0, all('statuses').join('\n  '));
for (const one of people) await one.browser.close();
process.exit(failures() > 0 ? 1 : 0);
