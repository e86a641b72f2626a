import { h } from 'vue';
import { Problem } from '@/api/client';
import AskedView from './AskedView.vue';
export const part = '取数 AskedView';
export const component = AskedView;
export const cases = [
  { name: '有数', props: { data: '好', problem: undefined, loading: false }, slots: { default: () => h('p', '364 家') } },
  { name: '出错', props: { data: undefined, problem: new Problem(500, '没有取到数', '', '7A01', []), loading: false } },
  {
    name: '没有权限',
    props: { data: undefined, problem: new Problem(403, '没有查看这一项的权限', '请专班分析员代看。', '7A02', []), loading: false },
  },
];
