import { describe, expect, it } from 'vitest';
import { cellOf, placeIn } from './dmn-places';

const columns = { inputs: ['行业', '小升规'], outputs: ['最低可评'] };
describe('where a finding points', () => {
  it.each([
    ['/table/2/1', { row: 2, column: 1 }],
    ['/inputs', undefined],
    ['', undefined],
  ])('of the block: %s', (path, cell) => expect(cellOf(path)).toEqual(cell));
  it.each([
    ['/rows/2/inputs/1', { row: 2, column: '小升规' }],
    ['/rows/0/outputs/0', { row: 0, column: '最低可评' }],
    ['/rows/1/note', { row: 1, column: '说明' }],
    ['/inputs/0', { row: -1, column: '行业' }],
    ['/hit', undefined],
  ])('of the model: %s', (pointer, place) => expect(placeIn(pointer, columns)).toEqual(place));
});
