import { expect, test } from 'vitest';
import { stillTyped } from './typed';

const stands = new Map([
  ['a', '28'],
  ['b', '22'],
]);
test('the answer to one field leaves alone what is being typed in another', () => {
  expect(stillTyped({ b: '2' }, { a: '28' }, stands, {})).toEqual({ b: '2' });
});
test('what was sent is shown as the server has it', () => {
  expect(stillTyped({ a: '28.0' }, { a: '28.0' }, stands, {})).toEqual({});
});
test('what was sent and then typed anew stays', () => {
  expect(stillTyped({ a: '29' }, { a: '28' }, stands, {})).toEqual({ a: '29' });
});
test('what was refused stays until it stands', () => {
  expect(stillTyped({ a: 'x', b: '22' }, { a: 'x', b: '22' }, stands, { a: '不是数', b: '不是数' })).toEqual({ a: 'x' });
});
