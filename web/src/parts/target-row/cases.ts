import TargetBar from './TargetBar.vue';
export const part = '目标 TargetBar';
export const component = TargetBar;
export const cases = [
  {
    name: '可达标',
    props: { lamp: 'ok', share: '93', pace: '90', forecast: '106', low: '101', high: '112', words: '完成 93%，预计 106%' },
  },
  {
    name: '有风险',
    props: { lamp: 'warn', share: '71', pace: '90', forecast: '97', low: '90', high: '103', words: '完成 71%，预计 97%' },
  },
  {
    name: '难完成',
    props: { lamp: 'late', share: '40', pace: '90', forecast: '55', low: '50', high: '61', words: '完成 40%，预计 55%' },
  },
  { name: '待报', props: { lamp: 'none', words: '' } },
  { name: '超出轴', props: { lamp: 'ok', share: '240', words: '完成 240%' } },
];
