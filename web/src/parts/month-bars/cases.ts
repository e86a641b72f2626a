import MonthBars from './MonthBars.vue';
export const part = '各月新增 MonthBars';
export const component = MonthBars;
const year = ['0', '3', '0', '12.5', '1', '0', '0', '8', '2', '0', '0', '4'];
const months = (amounts: string[]) => amounts.map((amount, i) => ({ name: `2023-${String(i + 1).padStart(2, '0')}`, amount }));
export const cases = [
  { name: '十二个月', props: { months: months(year), words: '2023-01 至 2023-12 新增 30.5 亩' } },
  { name: '宽', props: { wide: true, months: months(year), words: '2023-01 至 2023-12 新增 30.5 亩' } },
  { name: '有负数', props: { wide: true, months: months(['2', '-1', '3']), words: '2023-01 至 2023-03 新增 4 亩' } },
  { name: '全是零', props: { months: months(['0', '0', '0']), words: '2023-01 至 2023-03 没有新增' } },
];
