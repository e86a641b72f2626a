import Histogram from './Histogram.vue';
export const part = '分布 Histogram';
export const component = Histogram;
export const cases = [
  {
    name: '总分',
    props: {
      caption: '总分分布',
      unit: '分',
      words: '总分多在 60 到 100 分之间',
      bins: [0, 20, 40, 60, 80, 100, 120].map((from, i) => ({
        from: String(from),
        to: String(from + 20),
        before: String([2, 9, 40, 120, 110, 60, 23][i]),
        after: String([2, 7, 38, 118, 116, 60, 23][i]),
      })),
    },
  },
];
