import ScoreFall from './ScoreFall.vue';
export const part = '得分 ScoreFall';
export const component = ScoreFall;
const row = (id: string, label: string, value: string, unit: string, base: string, full: string, score: string, note?: string) => ({
  id,
  label,
  value: { value, unit },
  base: { value: base, unit },
  full: { value: full },
  score: { value: score },
  note,
});
export const cases = [
  {
    name: '六项',
    props: {
      caption: '64.0 分是怎样得来的',
      rows: [
        row('a', '亩均税收', '44.364055', '万元/亩', '10.733434', '45', '45', '封顶'),
        row('b', '亩均增加值', '12.1', '万元/亩', '44.21806', '30', '5.47'),
        row('c', '单位能耗增加值', '3.2', '万元/吨标准煤', '4.8', '22.5', '10'),
        row('d', '劳动生产率', '-2', '万元/人', '33', '22.5', '0', '保底'),
      ],
      total: { value: '60.47' },
      grade: 'C',
      cuts: [
        { grade: 'B', at: '72.5' },
        { grade: 'A', at: '95' },
      ],
      distance: '距 B 档 12.03 分',
    },
  },
];
