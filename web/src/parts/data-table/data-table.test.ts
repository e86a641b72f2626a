import { describe, expect, it } from 'vitest';
import { asTsv, inSight } from './data-table';

describe('a table', () => {
  it('copies what is shown, with units in the head and breaks taken out', () => {
    const columns = [
      { id: 'name', label: '企业' },
      { id: 'tax', label: '实缴税收', unit: '万元', kind: 'number' as const },
    ];
    const rows = [
      { key: '1', cells: { name: { text: '甲\n厂' }, tax: { figure: { value: '12.5' } } } },
      { key: '2', cells: { name: { text: '乙厂' }, tax: { figure: { state: 'missing' as const } } } },
    ];
    expect(asTsv(columns, rows)).toBe('企业\t实缴税收（万元）\n甲 厂\t12.5\n乙厂\t');
  });
  it('draws every row up to 500, and above only those in sight', () => {
    expect(inSight(500, 30, 0, 600)).toEqual({ first: 0, last: 500 });
    const sight = inSight(200000, 30, 30 * 1000, 600);
    expect(sight.first).toBeLessThanOrEqual(1000);
    expect(sight.last).toBeGreaterThanOrEqual(1020);
    expect(sight.last - sight.first).toBeLessThan(80);
    expect(inSight(600, 30, 30 * 600, 600).last).toBe(600);
  });
});
