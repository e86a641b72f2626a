// Every colour of the tokens keeps the contrast that the design asks for.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const text = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const tokens = Object.fromEntries([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]])) as Record<string, string>;
const light = (hex: string) => {
  const part = (at: number) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
};
function contrast(a: string, b: string): number {
  const [x, y] = [light(tokens[a] ?? ''), light(tokens[b] ?? '')].sort((p, q) => q - p) as [number, number];
  return (x + 0.05) / (y + 0.05);
}

describe('contrast', () => {
  const texts: [string, string][] = [
    ...['ink', 'ink-2', 'ink-3', 'accent', 'ok', 'warn', 'late', 'none', 'seal'].map((t) => [t, 'paper'] as [string, string]),
    ['ink-3', 'wash-2'],
    ['ink-3', 'wash'],
    ['accent', 'wash'],
    ['nav-ink', 'nav'],
    ...['a', 'b', 'c', 'd'].flatMap((g) => [[`${g}-ink`, `${g}-chip`] as [string, string], ['paper', `${g}-solid`] as [string, string]]),
    ['ink', 'rise'],
    ['ink', 'fall'],
  ];
  it.each(texts)('text %s on %s is at least 4.5', (a, b) => expect(contrast(a, b)).toBeGreaterThanOrEqual(4.5));
  const marks: [string, string][] = [
    ...['ctl', 'focus', 'bar', 'bar-warn', 'bar-late', 'a-fill', 'b-fill', 'c-fill', 'd-fill'].map((t) => [t, 'paper'] as [string, string]),
    ['bar', 'track'],
    ['bar-warn', 'track'],
    ['bar-late', 'track'],
    ['focus-nav', 'nav'],
  ];
  it.each(marks)('mark %s on %s is at least 3', (a, b) => expect(contrast(a, b)).toBeGreaterThanOrEqual(3));
});
