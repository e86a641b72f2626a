import FilterBar from './FilterBar.vue';
export const part = '筛选 FilterBar';
export const component = FilterBar;
export const cases = [
  { name: '没有', props: { words: [], count: '共 393 家' } },
  {
    name: '三条',
    props: {
      words: [
        { id: 'a', text: '金塘镇' },
        { id: 'b', text: 'C、D 档' },
        { id: 'c', text: '亩均税收 < 5 万元/亩' },
      ],
      count: '共 214 家',
    },
  },
];
