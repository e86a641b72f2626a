import { h } from 'vue';
import TButton from './TButton.vue';
export const part = '按钮 TButton';
export const component = TButton;
const slot = (text: string) => ({ default: () => h('span', text) });
export const cases = [
  { name: '主要', props: { kind: 'primary' }, slots: slot('生成告知书') },
  { name: '普通', props: {}, slots: slot('恢复现行办法') },
  { name: '轻', props: { kind: 'quiet' }, slots: slot('撤回') },
  { name: '不能按，说明原因', props: { refused: '还有 2 项没有确认' }, slots: slot('锁定年度') },
  { name: '进行中', props: { busy: true }, slots: slot('导入') },
];
