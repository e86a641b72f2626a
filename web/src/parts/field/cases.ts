import Field from './Field.vue';
export const part = '填写 Field';
export const component = Field;
export const cases = [
  { name: '文字', props: { label: '企业名称', modelValue: '样例临城模具1354有限公司', required: true } },
  { name: '数，有单位', props: { label: '实缴税收', type: 'number', unit: '万元', modelValue: '5248.7114' } },
  {
    name: '有错',
    props: { label: '用地面积', type: 'number', unit: '亩', modelValue: '-3', error: '用地面积不能是负数。核对后重填；没有用地就写 0。' },
  },
  {
    name: '选一个',
    props: {
      label: '镇街',
      type: 'select',
      modelValue: 'b',
      options: [
        { value: 'a', label: '临城街道' },
        { value: 'b', label: '岑港街道' },
      ],
    },
  },
  { name: '日期', props: { label: '起用日期', type: 'date', modelValue: '2022-05-01' } },
  { name: '是否', props: { label: '规上', type: 'check', modelValue: 'true' } },
  { name: '多行', props: { label: '理由', type: 'area', hint: '写明依据的文号或凭证。' } },
];
