import FileField from './FileField.vue';
export const part = '附件 FileField';
export const component = FileField;
const fingerprint = 'a'.repeat(64);
export const cases = [
  { name: '还没有', props: { label: '权证扫描件', required: true } },
  {
    name: '已有一份',
    props: { label: '权证扫描件', modelValue: `sm3:${fingerprint}/48210/样例_权证_2023.pdf`, hint: '由市资源规划局定海分局提供。' },
  },
  {
    name: '很长的名字，有错',
    props: {
      label: '约谈记录',
      modelValue: `sm3:${fingerprint}/1/${'样例约谈记录及附图附表'.repeat(6)}.pdf`,
      error: '权证号填了，扫描件也要交。',
    },
  },
];
