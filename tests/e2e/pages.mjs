// Every screen as people see it: the accessibility rules, no request outside the origin, no error, no sideways scroll, print.
import { writeFileSync } from 'node:fs';
import { axe, claim, failures, folder, layoutShift, noSidewaysScroll, open, origin } from './harness.mjs';

const { browser, page, outside, errors, statuses } = await open();

let found = [];
await page.goto(`${origin}/`);
const firm = await page.evaluate(async () => {
  const answer = await (await fetch('/api/results')).json();
  const rows = await (await fetch(`/api/results/schemes/${answer.schemes[0].id}`)).json();
  return {
    code: rows.rows[0].code,
    scheme: answer.schemes[0].id,
    roster: answer.rosters[0]?.id,
  };
});
const screens = [
  ['cockpit', '/'],
  ['one target', '/targets/P01'],
  ['registers', '/registers'],
  ['enterprises', '/registers/enterprise'],
  ['enterprise years', '/registers/enterprise_year'],
  ['a record', `/registers/enterprise/${firm.code}`],
  ['an enterprise', `/enterprises/${firm.code}`],
  ['its data', `/enterprises/${firm.code}?tab=data`],
  ['its lists', `/enterprises/${firm.code}?tab=lists`],
  ['its history', `/enterprises/${firm.code}?tab=history`],
  ['evaluation', '/evaluation'],
  ['a ranking', `/evaluation/schemes/${firm.scheme}`],
  ...(firm.roster ? [['a list', `/evaluation/rosters/${firm.roster}`]] : []),
  ['robustness', `/evaluation/schemes/${firm.scheme}/robustness`],
  ['simulator', '/simulator'],
  ['missing parameters', '/gaps'],
  ['data', '/data'],
  ['files received', '/data/imports'],
  ['conflicts', '/data/rivals'],
  ['corrections', '/data/corrections'],
  ['notices', '/notices'],
  ['a new record', '/registers/talk/+'],
  ['a change of a record', `/registers/enterprise_year/${firm.code}/edit?period=2023`],
  ['search', '/search?q=9133'],
  ['rules', '/rules'],
  ['a rule', `/rules/scheme/${firm.scheme}`],
  ['chapters', '/chapters'],
  ['a chapter', `/chapters/${encodeURIComponent('三(二)')}`],
  ['no such page', '/nothing-here'],
  ['gallery', '/gallery'],
];
for (const [name, address] of screens) {
  await page.goto(origin + address);
  await page.locator('main h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(page));
  const shift = await layoutShift(page);
  claim(`${name}: layout shift ${shift.toFixed(3)}, at most 0.1`, shift <= 0.1);
  const alert = await page.getByRole('alert').count();
  claim(`${name}: nothing was refused`, alert === 0 || name === 'gallery', alert ? await page.getByRole('alert').first().innerText() : '');
  if (process.env.TENGLONG_SHOTS)
    await page.screenshot({
      path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png`,
      fullPage: name !== 'enterprises',
    });
}

await page.goto(`${origin}/`);
await page.waitForLoadState('networkidle');
const paper = await page.pdf({ format: 'A4', landscape: true });
writeFileSync(`${folder}/cockpit.pdf`, paper);
const sheets = (paper.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length;
claim(`the cockpit prints on ${sheets} sheets of A4`, sheets >= 1 && sheets <= 5);
await page.goto(`${origin}/enterprises/${firm.code}`);
await page.waitForLoadState('networkidle');
const letter = await page.pdf({ format: 'A4', landscape: true });
const letters = (letter.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length;
claim(`an enterprise prints on ${letters} sheets`, letters >= 1 && letters <= 3);

// The cheapest way up under costs of one's own: asked in a form, kept in the address.
const climber = await page.evaluate(async (scheme) => {
  const list = await (await fetch(`/api/results/schemes/${scheme}?grade=C&size=5`)).json();
  return list.rows[0];
}, firm.scheme);
await page.goto(`${origin}/enterprises/${climber.code ?? climber.key}`);
await page.getByRole('heading', { name: '按自己的成本和界限，求最省的组合' }).waitFor();
const now = Number(
  (
    await page
      .getByRole('row', { name: /^用地面积/ })
      .getByRole('cell')
      .first()
      .innerText()
  ).replace(/,/g, ''),
);
await page.getByLabel('用地面积 改一个单位的成本').fill('30');
await page.getByLabel('用地面积 最少到').fill(String(Math.floor(now * 10) / 100));
await page.getByRole('button', { name: '求', exact: true }).click();
await page.waitForURL(/cost=/);
await page.getByText(/^最省的组合：/).waitFor();
claim('the cheapest way up is told with its cost', /用地面积 从 .*合计成本 [0-9]/.test(await page.getByText(/^最省的组合：/).innerText()));
await page.reload();
await page.getByText(/^最省的组合：/).waitFor();
claim('and comes back from the address', (await page.getByLabel('用地面积 改一个单位的成本').inputValue()) === '30');
found = await axe(page);
claim('axe finds nothing on it', found.length === 0, found.join('\n  '));
claim('no sideways scroll with it', await noSidewaysScroll(page));
if (process.env.TENGLONG_SHOTS) await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/rise.png`, fullPage: true });
await page.getByLabel('用地面积 改一个单位的成本').fill('三十');
await page.getByRole('button', { name: '求', exact: true }).click();
await page.getByText('“三十”不是数。').waitFor();
claim('a mistake in it is told', true);

await page.setViewportSize({ width: 320, height: 700 });
await page.goto(`${origin}/`);
await page.waitForLoadState('networkidle');
claim('at 320 pixels nothing is lost sideways', await noSidewaysScroll(page));
await page.setViewportSize({ width: 1366, height: 768 });

await page.goto(`${origin}/`);
await page.waitForLoadState('networkidle');
await page.keyboard.press('?');
claim('? lists the keys', await page.getByRole('dialog').isVisible());
await page.keyboard.press('Escape');
await page.getByRole('button', { name: 'English' }).click();
claim('English on request', await page.getByRole('heading', { name: 'Cockpit' }).isVisible());
await page.getByRole('button', { name: '中文' }).click();

const scripts = await page.evaluate(() =>
  performance
    .getEntriesByType('resource')
    .filter((r) => r.name.endsWith('.js'))
    .reduce((sum, r) => sum + (r.encodedBodySize || r.transferSize), 0),
);
claim(`scripts of the first page: ${Math.round(scripts / 1024)} KiB, at most 250`, scripts <= 250 * 1024);
claim('no request left the origin', outside.length === 0, outside.join('\n  '));
claim('no page had an error', errors.length === 0, errors.join('\n  '));
claim('no answer was a failure of the server', statuses.length === 0, statuses.join('\n  '));
await browser.close();
process.exit(failures() > 0 ? 1 : 0);
