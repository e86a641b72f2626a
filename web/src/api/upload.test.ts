import { expect, test } from 'vitest';
import { asFile, cellsOf } from './upload';

test('a block from a spreadsheet is read as it was laid out', () => {
  for (const [block, cells] of [
    [
      'a\tb\r\n1\t2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a\t\tc', [['a', '', 'c']]],
    ['"two\nlines"\tx\n', [['two\nlines', 'x']]],
    ['"say ""yes"""\t1\n\n', [['say "yes"', '1']]],
    ['5" pipe\t1', [['5" pipe', '1']]],
    ['', []],
  ] as [string, string[][]][])
    expect(cellsOf(block)).toEqual(cells);
});
test('it goes as a file of comma-separated values', async () => {
  expect(await asFile('名称\t数\n甲，乙\t1,5\n', '粘贴.csv').text()).toBe('名称,数\r\n甲，乙,"1,5"\r\n');
});
