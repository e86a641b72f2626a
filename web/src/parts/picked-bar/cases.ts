import PickedBar from './PickedBar.vue';
export const part = '选中的 PickedBar';
export const component = PickedBar;
export const cases = [
  { name: '选中一页', props: { count: 50, total: 288, all: false } },
  { name: '选中全部', props: { count: 288, total: 288, all: true } },
];
