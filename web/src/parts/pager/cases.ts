import Pager from './Pager.vue';
export const part = '翻页 Pager';
export const component = Pager;
export const cases = [
  { name: '第一页', props: { page: 1, size: 50, total: 393 } },
  { name: '没有', props: { page: 1, size: 50, total: 0 } },
];
