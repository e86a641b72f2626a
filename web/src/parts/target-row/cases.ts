import TargetBar from './TargetBar.vue';
export const part = '目标 TargetBar';
export const component = TargetBar;
export const cases = [
  {
    name: '可达标',
    props: { lamp: 'ok', share: '0.93', pace: '0.90', forecast: '1.06', low: '1.01', high: '1.12', words: '完成 93%，预计 106%' },
  },
  {
    name: '有风险',
    props: { lamp: 'warn', share: '0.71', pace: '0.90', forecast: '0.97', low: '0.90', high: '1.03', words: '完成 71%，预计 97%' },
  },
  {
    name: '难完成',
    props: { lamp: 'late', share: '0.40', pace: '0.90', forecast: '0.55', low: '0.50', high: '0.61', words: '完成 40%，预计 55%' },
  },
  { name: '待报', props: { lamp: 'none', words: '' } },
  { name: '超出轴', props: { lamp: 'ok', share: '2.4', words: '完成 240%' } },
];
