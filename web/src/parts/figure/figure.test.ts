import { describe, expect, it } from 'vitest';
import { grouped, shown, toPlaces } from './figure';

describe('a figure as text', () => {
  const rows: [string, string, number, string][] = [
    ['exactly as it came', '12.5', 1, '12.5'],
    ['padded', '12', 2, '12.00'],
    ['half up', '0.125', 2, '0.13'],
    ['a half below zero goes away from zero', '-0.125', 2, '-0.13'],
    ['carries through nines', '999.995', 2, '1000.00'],
    ['carries into a new digit', '9.5', 0, '10'],
    ['what doubles cannot hold', '1.005', 2, '1.01'],
    ['long decimals are not cut by a double', '12345678901234567890.12345', 3, '12345678901234567890.123'],
    ['a small minus that rounds to nothing loses its sign', '-0.0004', 2, '0.00'],
  ];
  it.each(rows)('%s', (_, text, places, expected) => expect(toPlaces(text, places)).toBe(expected));

  it('groups thousands and writes a real minus', () => {
    expect(grouped('1234567.25')).toBe('1,234,567.25');
    expect(grouped('-1234')).toBe('−1,234');
    expect(grouped('123')).toBe('123');
  });
  it('shows a change with its sign, and none as ±0', () => {
    expect(shown('3', 1, true)).toBe('+3.0');
    expect(shown('-3', 1, true)).toBe('−3.0');
    expect(shown('0', 1, true)).toBe('±0');
  });
});
