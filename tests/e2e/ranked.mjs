// A ranking and a 清单 as lists: opened by place, ordered by every column, filtered in words, columns chosen, copied, taken as files.
import { readFileSync } from 'node:fs';
import { axe, claim, failures, folder, noSidewaysScroll, open, origin } from './harness.mjs';

const { browser, page, outside, errors, statuses } = await open({ account: 'analyst' });
async function checked(name) {
  const found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(page));
  if (process.env.TENGLONG_SHOTS) await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png` });
}
await page.goto(`${origin}/`);
const { scheme, roster, size } = await page.evaluate(async () => {
  const results = await (await fetch('/api/results')).json();
  const one = results.schemes.at(-1);
  return { scheme: one, roster: results.rosters.at(-1), size: one.balance.due };
});
const column = async (n) => page.locator(`tbody tr > *:nth-child(${n + 1})`).allInnerTexts(); // behind the box of the row
const shownHeads = page.locator('thead th:not(.pick)');
const head = (name) => page.getByRole('columnheader', { name, exact: false });
const ready = async () => {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(
    () => new Promise((drawn) => requestAnimationFrame(() => setTimeout(() => drawn(!document.querySelector('[aria-busy=true]')), 50))),
  );
  await page.locator('tbody tr').first().waitFor();
};

// 看名次 from 评价.
await page.goto(`${origin}/evaluation`);
await page.getByRole('link', { name: '看名次' }).last().click();
await page.waitForURL(/evaluation\/schemes\//);
await ready();
const places = (await column(1)).map(Number);
claim('a ranking opens by place, the first first', places[0] === 1 && places.every((p, i) => i === 0 || p >= places[i - 1]), places.join());
claim('and says so to a screen reader', (await head('名次').getAttribute('aria-sort')) === 'ascending');
const lead = await page.locator('p.lead').innerText();
const counts = [...lead.matchAll(/([A-D]) 档 (\d+) 家/g)].map((m) => `${m[1]}${m[2]}`).join();
claim(
  `the head line counts by grade: ${lead}`,
  counts === scheme.grades.map((g) => `${g.grade}${g.count}`).join() && lead.includes(`共 ${size} 家`),
);
await checked('a ranking by place');
await page.goto(`${origin}/evaluation/schemes/${scheme.id}?page=${Math.ceil(size / 50)}`);
await ready();
claim('those without a place come last', (await column(1)).at(-1) === '—');

// Every column by its button; the address keeps it.
await page.goto(`${origin}/evaluation/schemes/${scheme.id}`);
await ready();
const buttons = await page.locator('thead button').allInnerTexts();
claim(`every column can be ordered by: ${buttons.join(' ')}`, buttons.length === (await shownHeads.count()));
for (let i = 0; i < buttons.length; ++i) {
  const button = page.locator('thead button').nth(i);
  const before = page.url();
  await button.click();
  await page.waitForURL((url) => url.href !== before);
  await ready();
  const sort = new URL(page.url()).searchParams.get('sort');
  const says = await shownHeads.nth(i).getAttribute('aria-sort');
  claim(`${buttons[i]}: ${sort}`, !!sort && says === (sort.startsWith('-') ? 'descending' : 'ascending'));
}
const totals = async () => (await page.locator('tbody tr > *:nth-child(8)').allInnerTexts()).map((t) => (t === '—' ? null : Number(t)));
const falling = (list) => list.every((t, i) => i === 0 || t === null || t <= list[i - 1]);
await page.goto(`${origin}/evaluation/schemes/${scheme.id}?sort=-total`);
await ready();
claim('by total, falling', falling(await totals()));

// Filters as words, each removable.
const dialog = page.getByRole('dialog', { name: '加条件' });
async function add(field, choose) {
  await page.getByRole('button', { name: '加条件' }).click();
  await dialog.getByLabel('字段').selectOption({ label: field });
  await choose(dialog.getByLabel('值'));
  const before = page.url();
  await dialog.getByRole('button', { name: '加上' }).click();
  await page.waitForURL((url) => url.href !== before);
  await ready();
}
await page.goto(`${origin}/evaluation/schemes/${scheme.id}`);
await ready();
await add('等级', (value) => value.selectOption('C'));
await add('等级', (value) => value.selectOption('D'));
await add('总分低于', (value) => value.fill('60'));
await add('镇街', (value) => value.selectOption({ index: 0 }));
const words = await page.getByRole('list', { name: '筛选条件' }).getByRole('listitem').allInnerTexts();
claim(
  `filters are words: ${words.join(' ')}`,
  words.length === 4 && words.some((w) => w.startsWith('C 档')) && words.some((w) => w.startsWith('总分 < 60')),
);
const shownGrades = new Set(await column(6));
claim(
  'and keep what they say',
  [...shownGrades].every((g) => g.startsWith('C') || g.startsWith('D')),
  [...shownGrades].join(),
);
const kept = page.url();
claim('all of it in the address', /grade=C(,|%2C)D/.test(kept) && /total_below=60/.test(kept) && /town=/.test(kept), kept);
await checked('a ranking filtered');
await page.reload();
await ready();
claim('and back from it', (await page.getByRole('list', { name: '筛选条件' }).getByRole('listitem').count()) === 4);
await page.getByRole('button', { name: '去掉“D 档”' }).click();
await page.waitForURL((url) => url.searchParams.get('grade') === 'C');
claim('one word of two is taken away alone', true);
await page.getByRole('button', { name: '加条件' }).click();
await dialog.getByLabel('字段').selectOption({ label: '总分不低于' });
await dialog.getByLabel('值').fill('六十');
await dialog.getByText('要填一个数').waitFor();
await checked('a condition that is no number');
await page.keyboard.press('Escape');
await page.getByRole('button', { name: '全部去掉' }).click();
await page.waitForURL((url) => !url.search.includes('grade'));

// Columns, copy, files: exactly what is shown.
await page.getByRole('button', { name: '选列' }).click();
const choosing = page.getByRole('dialog', { name: '选列' });
for (const name of ['代码', '行业']) await choosing.getByLabel(name, { exact: true }).uncheck();
await choosing.getByLabel('亩均税收得分').check();
await checked('columns to choose from');
await choosing.getByRole('button', { name: '保存' }).click();
await page.waitForURL(/columns=/);
await head('亩均税收得分').waitFor();
const heads = await shownHeads.allInnerTexts();
claim(`columns are chosen: ${heads.join(' ')}`, heads.length === 6 && !heads.some((h) => h.startsWith('代码')));
await page.getByRole('button', { name: '复制' }).click();
const copied = await page.evaluate(() => navigator.clipboard.readText());
const lines = copied.split('\n');
claim(
  'what is shown is copied as lines and tabs',
  lines.length === 51 && lines[0].split('\t').length === 6 && lines[1].startsWith('1\t'),
  lines[0],
);
for (const [link, ending] of [
  ['导出所筛 .xlsx', 'xlsx'],
  ['.csv', 'csv'],
]) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: link, exact: true }).click()]);
  await file.saveAs(`${folder}/ranking.${ending}`);
  claim(`the .${ending} has the name of the ranking`, file.suggestedFilename().startsWith(scheme.name), file.suggestedFilename());
}
const csv = readFileSync(`${folder}/ranking.csv`, 'utf8').trim().split('\r\n');
claim('the file has every row and the columns that are shown', csv.length === size + 1 && csv[0].split(',').length === 6, csv[0]);
claim('in the order that is shown', csv[1].startsWith('1,'), csv[1]);
claim('the workbook is one', readFileSync(`${folder}/ranking.xlsx`).subarray(0, 2).toString() === 'PK');
await page.getByLabel('每页').selectOption('100');
await page.waitForURL(/size=100/);
await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 100);
claim('a hundred on a page', true);

// A 清单: the same, and why in words.
await page.goto(`${origin}/evaluation/rosters/${roster.id}`);
await ready();
claim('a list shows who is on it', (await page.getByRole('list', { name: '筛选条件' }).innerText()).includes('入列'));
const why = await page.locator('tbody tr').first().innerText();
claim('and says in words why, with the figures', /条件成立：亩均税收 [\d.]+ 万元\/亩，低效认定线 [\d.]+ 万元\/亩/.test(why), why);
await checked('a list with its reasons');
claim('every column of it can be ordered by', (await page.locator('thead th:not(.pick) button').count()) === (await shownHeads.count()));
await Promise.all([page.waitForResponse((r) => r.url().includes('sort=-tax_per_mu')), head('亩均税收').getByRole('button').click()]);
await ready();
const perMu = (await page.locator('tbody tr > *:nth-child(7)').allInnerTexts()).map(Number);
claim('by what is worked out row by row too', perMu.length > 10 && falling(perMu), perMu.slice(0, 8).join(' '));
await add('结论', (value) => value.selectOption('not_listed'));
await page.locator('tbody tr', { hasText: '不入列' }).first().waitFor();
const whyNot = await page.locator('tbody tr').first().innerText();
claim('and why not', whyNot.includes('不入列') && whyNot.includes('条件不成立：亩均税收'), whyNot);
await add('结论', (value) => value.selectOption('exempt'));
await page.locator('tbody tr', { hasText: 'LE-06' }).first().waitFor();
claim('and by which rule one is exempt', true);
await page.getByRole('button', { name: '去掉“免列”' }).click();
await page.waitForURL(/place=all/);
await ready();
await page.locator('.count').getByText(`${roster.due} 家`).waitFor();
claim('all that are due', true);
await page.emulateMedia({ media: 'print' });
const paper = (await page.pdf({ format: 'A4', landscape: true, preferCSSPageSize: true })).toString('latin1');
claim('it prints', (paper.match(/\/Type\s*\/Page[^s]/g) ?? []).length >= 1);
await page.emulateMedia({ media: 'screen' });

await page.getByRole('button', { name: 'English' }).click();
await page.goto(`${origin}/evaluation/schemes/${scheme.id}?grade=C&total_below=60`);
await ready();
claim(
  'in English',
  (await page.locator('thead').innerText()).includes('Place') && (await page.locator('p.lead').innerText()).includes('enterprises'),
);
await checked('a ranking in English');
await page.goto(`${origin}/evaluation/rosters/${roster.id}`);
await ready();
claim('reasons too', (await page.locator('tbody tr').first().innerText()).includes('Condition holds: '));
await checked('a list in English');
claim('no request left the origin', outside.length === 0, outside.join('\n  '));
claim('no page had an error', errors.length === 0, errors.join('\n  '));
claim('no answer was a failure of the server', statuses.length === 0, statuses.join('\n  '));
await browser.close();
process.exit(failures() > 0 ? 1 : 0);
