// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import CutHandle from './CutHandle.vue';

const handle = (modelValue: string, inForce?: string) =>
  mount(CutHandle, { props: { label: '加价标准(C)', modelValue, min: '0.05', max: '0.5', step: '0.01', unit: '元/kWh', inForce } });

test('a value that nobody published says so, and the first move is from the low end', async () => {
  const at = handle('');
  expect(at.get('[role=slider]').attributes('aria-valuetext')).toBe('未公布');
  expect(at.find('button').exists()).toBe(false);
  await at.get('[role=slider]').trigger('keydown', { key: 'ArrowRight' });
  expect(at.emitted('update:modelValue')).toEqual([['0.06']]);
});
test('what is tried in its place is an assumption and can be taken back', async () => {
  const at = handle('0.10');
  expect(at.text()).toContain('假设');
  await at.get('button').trigger('click');
  await at.get('[role=slider]').trigger('keydown', { key: 'Delete' });
  expect(at.emitted('update:modelValue')).toEqual([[''], ['']]);
});
test('a published value is no assumption, and Delete leaves it', async () => {
  const at = handle('0.10', '0.10');
  expect(at.text()).not.toContain('假设');
  await at.get('[role=slider]').trigger('keydown', { key: 'Delete' });
  expect(at.emitted('update:modelValue')).toBeUndefined();
});
