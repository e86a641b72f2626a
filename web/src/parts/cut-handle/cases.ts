import CutHandle from './CutHandle.vue';
export const part = '滑块 CutHandle';
export const component = CutHandle;
export const cases = [
  { name: '权重', props: { label: '亩均税收', modelValue: '30', min: '0', max: '60', step: '0.5', inForce: '30', unit: '分' } },
  { name: '动过', props: { label: 'B 档线', modelValue: '65.5', min: '40', max: '90', step: '0.5', inForce: '65', unit: '%' } },
  { name: '未公布', props: { label: '加价标准(C)', modelValue: '', min: '0', max: '0.5', step: '0.01', unit: '元/kWh' } },
  { name: '假设', props: { label: '加价标准(C)', modelValue: '0.10', min: '0', max: '0.5', step: '0.01', unit: '元/kWh' } },
  {
    name: '可填',
    props: {
      label: '实缴税收',
      modelValue: '5248.7114',
      min: '0',
      max: '10000',
      step: '10',
      inForce: '5248.7114',
      unit: '万元',
      typed: true,
    },
  },
];
