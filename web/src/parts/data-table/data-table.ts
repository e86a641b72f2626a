// What a table shows. Rows come from the server in their order; the table never sorts or sums.
import type { FigureValue } from '../figure/figure';

export interface Column {
  id: string;
  label: string;
  unit?: string;
  kind?: 'text' | 'number' | 'grade' | 'date' | 'state';
  sortable?: boolean;
  places?: number;
  hidden?: boolean;
  width?: string;
  wrap?: boolean; // long sentences
}
export interface Cell {
  text?: string;
  figure?: FigureValue;
  to?: string; // where the first column leads
}
export interface Row {
  key: string;
  cells: Record<string, Cell>;
  marked?: boolean;
}
export interface Sort {
  by: string;
  descending: boolean;
}

// Tab-separated text of what is shown, for a spreadsheet.
export function asTsv(columns: Column[], rows: Row[]): string {
  const clean = (text: string) => text.replace(/[\t\r\n]+/g, ' ');
  const head = columns.map((c) => clean(c.unit ? `${c.label}（${c.unit}）` : c.label)).join('\t');
  const body = rows.map((row) =>
    columns
      .map((c) => {
        const cell = row.cells[c.id];
        return clean(cell?.figure ? (cell.figure.value ?? '') : (cell?.text ?? ''));
      })
      .join('\t'),
  );
  return [head, ...body].join('\n');
}

// Which rows are drawn above 500: those in sight and as many before and after.
export const kWindowFrom = 500;
export function inSight(count: number, rowHeight: number, top: number, height: number): { first: number; last: number } {
  if (count <= kWindowFrom) return { first: 0, last: count };
  const margin = Math.ceil(height / rowHeight) + 5;
  const first = Math.max(0, Math.floor(top / rowHeight) - margin);
  return { first, last: Math.min(count, Math.ceil((top + height) / rowHeight) + margin) };
}
