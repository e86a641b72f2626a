import { describe, expect, it } from 'vitest';
import { chaptersOf, clauseOf } from './chapters';

const plan = ['一', '二', '三(一)', '三(一)1', '三(一)2', '三(二)', '三(二)1', '四', '四(一)', '四(二)'].map((id) => ({ id, title: id }));

describe('chapters of a plan', () => {
  it('gather the clauses below them; a clause without any is its own', () => {
    expect(chaptersOf(plan).map((c) => [c.id, c.clauses.map((x) => x.id)])).toEqual([
      ['一', ['一']],
      ['二', ['二']],
      ['三(一)', ['三(一)', '三(一)1', '三(一)2']],
      ['三(二)', ['三(二)', '三(二)1']],
      ['四', ['四', '四(一)', '四(二)']],
    ]);
  });
  it('a target stands in the clause before its number', () => {
    expect(clauseOf('三(一)3·P19')).toBe('三(一)3');
    expect(clauseOf('四(一)')).toBe('四(一)');
  });
});
