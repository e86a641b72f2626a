// 通报 and the one page before a meeting: the same figures as the cockpit, their snapshot, and the sheets they take.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { axe, claim, failures, folder, noSidewaysScroll, open, origin } from './harness.mjs';

const { browser, page, outside, errors, statuses } = await open({ account: 'leader' });
const sheetsOf = (pdf) => (pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length;
async function checked(name) {
  await page.waitForLoadState('networkidle');
  const found = await axe(page);
  claim(`${name}: axe finds nothing`, found.length === 0, found.join('\n  '));
  claim(`${name}: no sideways scroll at 1366`, await noSidewaysScroll(page));
  if (process.env.TENGLONG_SHOTS)
    await page.screenshot({ path: `${process.env.TENGLONG_SHOTS}/${name.replace(/ /g, '-')}.png`, fullPage: true });
}
// 驾驶舱: every number of the plan once, in order, as the plan has it; a line that tells records apart has no completion.
const plan = readFileSync(new URL('./plan-numbers.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
  .map(([id, clause, lead, comparator, goal, unit]) => ({ id, clause, lead, comparator, goal, unit }));
await page.goto(`${origin}/`);
await page.getByRole('row', { name: /P69/ }).waitFor();
const rows = await page.getByRole('region', { name: '方案全部目标的进度' }).evaluate((region) =>
  [...region.querySelectorAll('tbody tr:not(.group)')].map((row) => ({
    id: row.querySelector('th .id').lastChild.textContent.trim(),
    lamp: row.querySelector('td .lamp').textContent.trim(),
    goal: row.querySelectorAll('td.number')[1].textContent.replaceAll(/[\s,]/g, ''),
    unit: row.querySelector('td.muted').textContent.trim(),
    bar: row.querySelector('svg') !== null,
    clause: (row.querySelector('th .before').textContent + row.querySelector('th .id').lastChild.textContent).trim(),
    lead: row.querySelector('td.lead-unit').textContent.trim(),
    text: row.innerText,
  })),
);
claim(
  'the table has P01 to P69, once each, in order',
  plan.length === 69 && rows.map((r) => r.id).join() === plan.map((p) => p.id).join(),
  rows.map((r) => r.id).join(' '),
);
const unlike = (says) => plan.filter((p, i) => !says(p, rows[i] ?? {})).map((p) => p.id);
const clauses = unlike((p, r) => r.clause === `${p.clause}·${p.id}`);
claim('each with its clause', clauses.length === 0, clauses.join(' '));
const leads = unlike((p, r) => r.lead === p.lead);
claim('each with its lead unit', leads.length === 0, leads.join(' '));
const signs = { '>=': '≥', '<=': '≤' };
const goals = unlike((p, r) => !p.goal || (r.goal === `${signs[p.comparator]}${p.goal}` && r.unit === p.unit));
claim('each with the number and unit that the plan states', goals.length === 0, goals.join(' '));
const lines = rows.filter((r) => ['P09', 'P16'].includes(r.id));
claim(
  'a line shows that it is applied and how many are on its side, and no completion',
  lines.length === 2 && lines.every((r) => r.lamp.endsWith('界线') && !r.bar && /界线一侧 \d+ 条/.test(r.text)),
  lines.map((r) => r.text).join('\n  '),
);
const waits = rows.filter((r) => ['P12', 'P65', 'P66', 'P67', 'P68', 'P69'].includes(r.id));
claim(
  'what has no register yet says which it waits for, and shows no figure',
  waits.length === 6 && waits.every((r) => r.lamp.endsWith('待报') && /等 R\d\d/.test(r.text)),
  waits.map((r) => r.text).join('\n  '),
);
await page.locator('.lamps').getByRole('button', { name: '界线' }).click();
await page.waitForURL(/lamp=line/);
claim('the lines alone, by their own mark, in the address', (await page.locator('tbody tr:not(.group)').count()) === 2);
await checked('cockpit with all numbers');
await page.goto(`${origin}/`);
await page.getByRole('button', { name: '导出通报' }).click();
await page.waitForURL(/\/report\?period=/);
await page.getByRole('heading', { name: /目标进度通报$/ }).waitFor();
await checked('report');
const [report, targets] = await page.evaluate(async () => [
  await (await fetch('/api/report')).json(),
  (await (await fetch('/api/targets')).json()).targets,
]);
const weight = { late: 0, warn: 1, none: 2, ok: 3, line: 4 };
claim(
  'every target is told once',
  report.targets.length === targets.length && new Set(report.targets.map((t) => t.id)).size === targets.length,
);
claim(
  'the worst first',
  report.targets.every((t, i, all) => i === 0 || weight[all[i - 1].lamp] <= weight[t.lamp]),
);
const short = report.targets.filter((t) => t.lamp === 'late' && t.shortfall !== undefined).map((t) => Number(t.shortfall));
claim(
  'among those missed the largest shortfall first',
  short.every((s, i) => i === 0 || short[i - 1] >= s),
);
claim(
  'the units lag in as many as the whole',
  report.leads.reduce((sum, l) => sum + l.lagging.length, 0) === report.counts.late + report.counts.warn,
);
const text = await page.locator('article').innerText();
claim('it carries its snapshot and the mark of sample data', text.includes(report.snapshot) && text.includes('样例'));
const lagging = report.leads.find((l) => l.lagging.some((t) => t.shortfall));
claim(
  'it says who lags and by how much',
  text.includes(lagging.name) && text.includes(`差 ${lagging.lagging.find((t) => t.shortfall).shortfall}%`),
);
const letter = await page.pdf({ preferCSSPageSize: true });
claim(`the report prints on ${sheetsOf(letter)} sheets of A4, at most 4`, sheetsOf(letter) >= 1 && sheetsOf(letter) <= 4);
// The same paper as a document that an office edits: every word and figure of the page, in the page's order.
const grouped = (text) => {
  const [whole, part] = text.replace('-', '').split('.');
  return (text.startsWith('-') ? '−' : '') + whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part === undefined ? '' : `.${part}`);
};
const places = (text, n) => {
  const negative = text.startsWith('-');
  const [whole, part = ''] = text.replace('-', '').split('.');
  const kept = BigInt(whole + part.padEnd(n, '0').slice(0, n)) + (Number(part[n] ?? '0') >= 5 ? 1n : 0n);
  const digits = kept.toString().padStart(n + 1, '0');
  return `${negative && kept > 0n ? '-' : ''}${digits.slice(0, -n)}.${digits.slice(-n)}`;
};
const squeezed = (text) => text.replaceAll(/\s+/g, '');
async function document(language) {
  const wanted = page.waitForEvent('download');
  await page.getByRole('link', { name: language === 'en' ? 'Download .docx' : '下载 .docx' }).click();
  const got = await wanted;
  const path = `${folder}/report-${language}.docx`;
  await got.saveAs(path);
  const told = JSON.parse(execFileSync('python3', [fileURLToPath(new URL('./docx.py', import.meta.url)), path], { encoding: 'utf8' }));
  return { name: got.suggestedFilename(), path, ...told };
}
const docx = await document('zh');
claim('the document is named after the report and its year', /目标进度通报_\d{4}\.docx$/.test(docx.name), docx.name);
claim(
  'it is A4, its heads 黑体, its text 仿宋',
  docx.page.join() === '11906,16838' && docx.fonts.Heading1 === '黑体' && docx.fonts.BodyText === '仿宋',
);
claim(
  'the mark of sample data stands above every page, the snapshot below',
  docx.header.includes('样例') && docx.footer.includes(report.snapshot),
);
const [byChapter, behind] = docx.blocks.filter((b) => b.rows);
claim('the head row of both tables is on every page', byChapter.heads === 1 && behind.heads === 1);
const figures = report.targets
  .filter((t) => t.lamp === 'late' || t.lamp === 'warn')
  .map((t) => [
    `${t.id} ${t.name}`,
    t.now.value === undefined || t.now.value === null ? '—' : grouped(places(t.now.value, 2)),
    `${signs[t.comparator] ?? t.comparator} ${grouped(t.goal.value)}`,
    t.unit,
    t.shortfall === undefined ? '—' : `${grouped(t.shortfall)}%`,
    t.pace === undefined ? '—' : `${grouped(t.pace)}%`,
    t.lead,
    t.clause,
  ]);
claim(
  'its figures are those of the interface, one by one',
  JSON.stringify(behind.rows.slice(1).map((r) => r.slice(1))) === JSON.stringify(figures),
  JSON.stringify(behind.rows.slice(1).map((r) => r.slice(1))),
);
claim(
  'its chapters count what the interface counts',
  JSON.stringify(byChapter.rows.slice(1).map((r) => r.slice(1).map(Number))) ===
    JSON.stringify(report.chapters.map((c) => [c.all, c.counts.ok, c.counts.warn, c.counts.late, c.counts.none, c.counts.line])),
);
// Word by word against the page: the marks before lamps are drawn, the words are the same.
const page_words = squeezed((await page.locator('article').innerText()).replaceAll(/[●▲■○┃]/g, ''));
const strange = docx.blocks.flatMap((b) => (b.rows ? b.rows.flat() : [b.text])).filter((text) => !page_words.includes(squeezed(text)));
claim('it says nothing that the page does not say', strange.length === 0, strange.join(' | '));
claim(
  'all that lag and all that are silent stand in it',
  report.targets
    .filter((t) => t.lamp !== 'ok' && t.lamp !== 'line')
    .every((t) => docx.blocks.some((b) => (b.rows ? b.rows.flat().includes(`${t.id} ${t.name}`) : b.text.includes(`${t.id} ${t.name}`)))),
);
await page.goto(`${origin}/`);
await page.getByRole('button', { name: '会前一页纸' }).click();
await page.waitForURL(/\/paper\?period=/);
await page.getByRole('heading', { name: /会前一页纸$/ }).waitFor();
await checked('paper');
const paper = await page.locator('article').innerText();
const missing = targets.filter((t) => !paper.includes(`${t.id} ${t.name}`)).map((t) => t.id);
claim('every number of the plan stands on it', missing.length === 0, missing.join(' '));
claim('it carries its snapshot', paper.includes(report.snapshot));
const one = await page.pdf({
  preferCSSPageSize: true,
  ...(process.env.TENGLONG_SHOTS ? { path: `${process.env.TENGLONG_SHOTS}/paper.pdf` } : {}),
});
claim(`it fits ${sheetsOf(one)} sheet of A4`, sheetsOf(one) === 1);
// The forecast: of the year before, where its months are; by whom it is not given, what is missing.
await page.goto(`${origin}/?period=2022`);
const p10 = page
  .getByRole('row')
  .filter({ has: page.getByRole('link', { name: '盘活闲置低效用地' }) })
  .first();
await p10.waitFor();
claim(
  'the cockpit shows where it will end, from low to high',
  /[\d,.]+–[\d,.]+\s*预计到 2023-12/.test(await p10.innerText()),
  await p10.innerText(),
);
claim(
  'and what the last twelve months brought, in bars and a figure',
  (await p10.locator('.recent svg[role=img]').getAttribute('aria-label'))?.startsWith('2022-01 至 2022-12 新增') &&
    /[1-9]/.test(await p10.locator('.recent').innerText()),
  await p10.locator('.recent').innerHTML(),
);
claim('of too few periods it says how many there are', (await page.locator('main').innerText()).includes('不预计：只有'));
await checked('cockpit with forecasts');
await p10.getByRole('link', { name: '盘活闲置低效用地' }).click();
await page.getByRole('heading', { name: '预计的办法与以往误差' }).waitFor();
await page.getByText('看数据').click();
const monthRows = await page.locator('details tbody tr').allInnerTexts();
claim('month by month since its start', monthRows.length === 24 && monthRows[0].startsWith('2021-01'), monthRows.join('|'));
claim('the target says by which method and how sure', (await page.locator('main').innerText()).includes('有 80% 的把握'));
// Of 2022 it is what had come by the end of 2022, and no record dated after.
const [byThen, ofYears, missing2022] = await page.evaluate(async () => {
  const where = '盘活日期 >= date("2021-01-01") and 盘活日期 <= date("2022-12-31")';
  const list = await (await fetch(`/api/registers/revitalised_parcel/records?size=50&where=${encodeURIComponent(where)}`)).json();
  const target = await (await fetch('/api/targets/P10?period=2022')).json();
  return [[list.sums?.revitalised_area?.value, target.now.value], target.series.map((s) => [s.period, s.figure.value]), target.gap.value];
});
claim(
  'what adds up over years adds up to the end of the year asked for',
  byThen[0] !== undefined && byThen[0] === byThen[1],
  byThen.join(' '),
);
claim(
  'and grows from year to year',
  ofYears.length > 1 && ofYears.every(([, value], i) => i === 0 || Number(ofYears[i - 1][1]) < Number(value)),
  ofYears.join(' '),
);
await page.getByLabel('再增加').fill(missing2022);
await page.getByRole('button', { name: '看结果' }).click();
await page.waitForURL(new RegExp(`suppose=${missing2022}`));
await page.getByText('会到').waitFor();
claim(
  'supposed that the rest lands, the server judges it reached',
  /会到\s*1,200\.00[\s\S]*可达标/.test(await page.locator('main').innerText()),
);
await checked('target with a forecast');
await page.goto(`${origin}/targets/P01?period=2022`);
await page.getByText(/至少要 \d+ 个年度/).waitFor();
claim('and a target of few years what is missing', true);
await page.goto(`${origin}/paper`);
await page.getByRole('heading', { name: /会前一页纸$/ }).waitFor();
await page.getByRole('button', { name: 'English' }).click();
await page.getByRole('heading', { name: /one page before the meeting$/ }).waitFor();
await checked('paper in English');
const english = await page.pdf({ preferCSSPageSize: true });
claim(`in English it fits ${sheetsOf(english)} sheet`, sheetsOf(english) === 1);
await page.goto(`${origin}/report`);
await page.getByRole('heading', { name: /how the targets stand$/ }).waitFor();
await checked('report in English');
const english_document = await document('en');
claim(
  'in English the document is in English, its figures the same',
  english_document.blocks[0].text.endsWith('how the targets stand') &&
    JSON.stringify(
      english_document.blocks
        .filter((b) => b.rows)[1]
        .rows.slice(1)
        .map((r) => r.slice(1)),
    ) === JSON.stringify(figures),
);
claim('no request left the origin', outside.length === 0, outside.join('\n  '));
claim('no page had an error on the way', errors.length === 0, errors.join('\n  '));
claim('no answer was a failure of the server', statuses.length === 0, statuses.join('\n  '));
await browser.close();
process.exit(failures() > 0 ? 1 : 0);
