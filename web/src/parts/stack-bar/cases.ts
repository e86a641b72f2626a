import StackBar from './StackBar.vue';
export const part = '构成 StackBar';
export const component = StackBar;
export const cases = [
  {
    name: '四档',
    props: {
      words: 'A 70 家，B 160 家，C 116 家，D 18 家',
      parts: [
        ['A', '70'],
        ['B', '160'],
        ['C', '116'],
        ['D', '18'],
      ].map(([id, count]) => ({ id, label: `${id} 档`, count, text: `${count} 家` })),
    },
  },
];
