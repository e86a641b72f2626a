// Where a finding points in a decision table: by the block (/table/2/1) or by the model (/rows/2/inputs/0).
export interface Place {
  row: number; // -1: the head
  column: string;
}
export function cellOf(path: string): { row: number; column: number } | undefined {
  const found = /^\/table\/(\d+)\/(\d+)$/.exec(path);
  return found ? { row: Number(found[1]), column: Number(found[2]) } : undefined;
}
export const noteColumn = '说明';
export function placeIn(pointer: string, columns: { inputs: string[]; outputs: string[] }): Place | undefined {
  const cell = /^\/rows\/(\d+)\/(inputs|outputs|note)(?:\/(\d+))?$/.exec(pointer);
  const head = /^\/(inputs|outputs)\/(\d+)$/.exec(pointer);
  const named = (side: string, at: number) => (side === 'inputs' ? columns.inputs : columns.outputs)[at] ?? '';
  if (cell) return { row: Number(cell[1]), column: cell[2] === 'note' ? noteColumn : named(cell[2]!, Number(cell[3])) };
  return head ? { row: -1, column: named(head[1]!, Number(head[2])) } : undefined;
}
