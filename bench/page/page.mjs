// What the bars of the page are held against: medians and worst of several, in one run.
import { open, origin } from '../../tests/e2e/harness.mjs';

const line = (what, bar, seen) => {
  const sorted = [...seen].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const worst = at(0.99);
  console.log(
    `  ${what.padEnd(52)} bar ${String(bar).padStart(5)} ms  p50 ${at(0.5).toFixed(0).padStart(5)}  p99 ${worst.toFixed(0).padStart(5)}  ratio ${(worst / bar).toFixed(2)}  ${worst <= bar ? 'held' : 'NOT held'}`,
  );
};

// Cold: a browser of its own each time, nothing cached; until the table of the cockpit stands.
const cold = [];
for (let i = 0; i < 7; i++) {
  const { browser, page } = await open({ account: 'leader' });
  const began = performance.now();
  await page.goto(`${origin}/`);
  await page.locator('main tbody tr').first().waitFor();
  cold.push(performance.now() - began);
  await browser.close();
}
line('the first page, cold, to its table', 1500, cold);

// From the key to the frame in which the figures of this very question stand: measured in the page, by its own clock.
const { browser, page } = await open({ account: 'analyst' });
await page.goto(`${origin}/simulator`);
const handle = page.getByRole('slider').first();
await handle.waitFor();
await page.waitForLoadState('networkidle');
await handle.focus();
const painted = [];
for (let i = 0; i < 60; i++) {
  painted.push(
    await page.evaluate(
      (key) =>
        new Promise((done) => {
          const figures = document.querySelector('.key');
          const before = figures.textContent;
          const began = performance.now();
          const watch = new MutationObserver(() => {
            if (figures.textContent === before) return;
            watch.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
          });
          watch.observe(figures, { subtree: true, childList: true, characterData: true });
          document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        }),
      i % 2 === 0 ? 'PageUp' : 'PageDown',
    ),
  );
}
line('a slider moved, to the figures painted', 150, painted);
await browser.close();
