// What the editor leaves unsaid to those who do not see it: names of cells and menus, roles, and which cell is wrong.
import { noteColumn, type Place } from './dmn-places';

export interface Mended {
  name: string;
  menu: string;
  word: (type: string) => string;
  cell: (row: number, column: string) => string;
  wrong: Place[];
}
function set(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
export function mend(box: HTMLElement, columns: { inputs: string[]; outputs: string[] }, how: Mended): void {
  const names = [...columns.inputs, ...columns.outputs, noteColumn];
  const isWrong = (row: number, column: string) => how.wrong.some((w) => w.row === row && w.column === column);
  const mark = (element: Element, wrong: boolean) => {
    if (wrong) set(element, 'data-wrong', '');
    else if (element.hasAttribute('data-wrong')) element.removeAttribute('data-wrong');
  };
  for (const table of box.querySelectorAll('table')) set(table, 'aria-label', how.name);
  const region = box.querySelector('.tjs-table-container');
  if (region) {
    set(region, 'role', 'region');
    set(region, 'aria-label', how.name);
    set(region, 'tabindex', '0');
  }
  for (const type of box.querySelectorAll('.input-variable, .output-variable')) {
    const word = how.word(type.textContent ?? '');
    if (type.firstChild && type.textContent !== word) type.firstChild.nodeValue = word;
  }
  for (const menu of box.querySelectorAll('[role="menu"]')) set(menu, 'aria-label', how.menu);
  // A list that opens is a button to the keyboard; its value belongs to its name.
  for (const list of box.querySelectorAll('.dms-input-select > div.dms-input')) {
    set(list, 'role', 'button');
    set(list, 'aria-haspopup', 'listbox');
    const label = list.getAttribute('data-label') ?? list.getAttribute('aria-label') ?? '';
    set(list, 'data-label', label);
    set(list, 'aria-label', `${label} ${list.textContent ?? ''}`.trim());
  }
  const heads = [...box.querySelectorAll('thead th.input-cell:not(.create-inputs), thead th.output-cell, thead th.annotation')];
  heads.forEach((head, i) => mark(head, isWrong(-1, names[i] ?? '')));
  [...box.querySelectorAll('tbody tr')].forEach((line, row) =>
    [...line.querySelectorAll('td.input-cell:not(.create-inputs), td.output-cell, td.annotation')].forEach((cell, i) => {
      const wrong = isWrong(row, names[i] ?? '');
      mark(cell, wrong);
      for (const editor of cell.querySelectorAll('[role="textbox"]')) {
        set(editor, 'aria-label', how.cell(row, names[i] ?? ''));
        set(editor, 'aria-invalid', String(wrong));
      }
    }),
  );
}
