import { describe, expect, it } from 'vitest';
import { completionsOf, isClosed, keyWord, wordBefore } from './block-words';

describe('a block in words', () => {
  it('names keys, and leaves those it has no word for', () => {
    expect(keyWord('weight')).toBe('权重');
    expect(keyWord('cuts.A')).toBe('档线 A');
    expect(keyWord('范围')).toBe('范围');
    expect(keyWord('due', 'scheme')).toBe('应评');
    expect(keyWord('due.day', 'collection')).toBe('到期 几日');
  });
  it('offers a choice of words of the language only', () => {
    expect(isClosed(['better', 'worse'])).toBe(true);
    expect(isClosed(['亩均税收'])).toBe(false);
    expect(isClosed([])).toBe(false);
  });
});
describe('completion', () => {
  const names = ['亩均税收', '亩均增加值', '规上工业亩均税收', '上期'];
  it('takes the word before the caret, whatever its script', () => {
    expect(wordBefore('base: 上期.规上', 12)).toBe('上期.规上');
    expect(wordBefore('weight: 30, ', 12)).toBe('');
  });
  it('gives what begins with it first, then what holds it, never the word itself', () => {
    expect(completionsOf(names, '亩均')).toEqual(['亩均税收', '亩均增加值', '规上工业亩均税收']);
    expect(completionsOf(names, '上期.规上')).toEqual(['规上工业亩均税收']);
    expect(completionsOf(names, '上期')).toEqual([]);
    expect(completionsOf(names, '')).toEqual([]);
  });
});
