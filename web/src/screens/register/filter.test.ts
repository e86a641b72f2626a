import { describe, expect, it } from 'vitest';
import { addCondition, conditionsOf, conditionText, removeCondition } from './filter';

describe('filters in words', () => {
  it('write FEEL by the type of the field', () => {
    expect(conditionText({ name: '用地面积', type: 'number' }, '<', '1,200.5')).toBe('用地面积 < 1200.5');
    expect(conditionText({ name: '用地面积', type: 'number' }, '<', '三')).toBe('');
    expect(conditionText({ name: '规上', type: 'boolean' }, '=', 'true')).toBe('规上 = true');
    expect(conditionText({ name: '注册日期', type: 'date' }, '>=', '2021-01-01')).toBe('注册日期 >= @"2021-01-01"');
    expect(conditionText({ name: '企业名称', type: 'text' }, 'contains', '船"舶')).toBe('contains(企业名称, "船\\"舶")');
    expect(conditionText({ name: '企业名称', type: 'text' }, 'empty', '')).toBe('企业名称 = null');
  });
  it('come apart only at the top level', () => {
    const where = '规上 = true and contains(企业名称, "a and b") and (甲 > 1 and 乙 < 2)';
    expect(conditionsOf(where)).toEqual(['规上 = true', 'contains(企业名称, "a and b")', '(甲 > 1 and 乙 < 2)']);
    expect(removeCondition(where, 1)).toBe('规上 = true and (甲 > 1 and 乙 < 2)');
    expect(conditionsOf('')).toEqual([]);
  });
  it('an alternative that is added keeps together', () => {
    expect(addCondition('规上 = true', '甲 = 1 or 乙 = 2')).toBe('规上 = true and (甲 = 1 or 乙 = 2)');
  });
});
