// How the items of a year are laid out: those due once in a table by register, those due by the month in a grid.
import type { Item } from '@/api/types';

const isYearly = (item: Item) => /^\d{4}$/.test(item.period);

export interface Group {
  register: string;
  name: string;
  period: string;
  items: Item[];
}
export function groupsOf(items: Item[]): Group[] {
  const out: Group[] = [];
  for (const item of items.filter(isYearly)) {
    const group = out.find((g) => g.register === item.register && g.period === item.period);
    if (group) group.items.push(item);
    else out.push({ register: item.register, name: item.register_name, period: item.period, items: [item] });
  }
  return out;
}

export interface Grid {
  register: string;
  name: string;
  periods: string[];
  rows: { name: string; provider: string; of: Record<string, Item> }[];
}
export function gridOf(items: Item[]): Grid[] {
  const out: Grid[] = [];
  for (const item of items.filter((one) => !isYearly(one))) {
    let grid = out.find((g) => g.register === item.register);
    if (!grid) out.push((grid = { register: item.register, name: item.register_name, periods: [], rows: [] }));
    if (!grid.periods.includes(item.period)) grid.periods.push(item.period);
    let row = grid.rows.find((r) => r.name === item.name && r.provider === item.provider);
    if (!row) grid.rows.push((row = { name: item.name, provider: item.provider, of: {} }));
    row.of[item.period] = item;
  }
  for (const grid of out) grid.periods.sort();
  return out;
}
