import Matrix from './Matrix.vue';
export const part = '流向 Matrix';
export const component = Matrix;
const places = ['A', 'B', 'C', 'D'].map((g) => ({ id: g, label: `${g} 档` }));
export const cases = [
  {
    name: '四档',
    props: {
      caption: '等级流向',
      places,
      counts: [
        ['66', '4', '0', '0'],
        ['4', '150', '6', '0'],
        ['0', '6', '108', '2'],
        ['0', '0', '2', '16'],
      ],
    },
  },
];
