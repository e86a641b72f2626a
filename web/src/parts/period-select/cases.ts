import PeriodSelect from './PeriodSelect.vue';
export const part = '年度 PeriodSelect';
export const component = PeriodSelect;
export const cases = [{ name: '三年', props: { modelValue: '2023', periods: ['2023', '2022', '2021'] } }];
