import Figure from './Figure.vue';
export const part = '数 Figure';
export const component = Figure;
export const cases = [
  {
    name: '一个数',
    props: { figure: { value: '44.364055', unit: '万元/亩', period: '2023', source: '区税务局', clause: '三(一)1' }, places: 2 },
  },
  { name: '零', props: { figure: { value: '0', unit: '亩' } } },
  { name: '负数', props: { figure: { value: '-1234.5', unit: '万元' } } },
  { name: '变化', props: { figure: { value: '0', unit: '家' }, signed: true } },
  { name: '缺报', props: { figure: { state: 'missing', reason: { zh: '区税务局 2023 年税收还没有来', en: '' } } } },
  { name: '不在查看范围', props: { figure: { state: 'hidden' } } },
];
