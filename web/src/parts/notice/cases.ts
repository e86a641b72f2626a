import { h } from 'vue';
import Notice from './Notice.vue';
export const part = '说明 Notice';
export const component = Notice;
export const cases = [
  { name: '空', props: { kind: 'empty', title: '还没有来表' }, slots: { default: () => h('p', '上传一张表，或在“待报”里催一次。') } },
  { name: '取数', props: { kind: 'loading' } },
  {
    name: '出错',
    props: { kind: 'error', title: '没有取到数', number: '8F21C0' },
    slots: { default: () => h('p', '已显示的内容没有变。') },
  },
  { name: '没有权限', props: { kind: 'no-right', title: '没有查看这一项的权限' } },
  { name: '提示', props: { kind: 'note' }, slots: { default: () => h('p', '试算不改变正式结果。') } },
];
