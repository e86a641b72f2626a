import TargetTable from './TargetTable.vue';
export const part = '目标表 TargetTable';
export const component = TargetTable;
const known = (value: string, unit = '万元/亩') => ({ value, unit, state: 'known' });
const row = {
  id: 'P01',
  name: '规上工业亩均税收',
  group: '二',
  clause: '二(一)',
  unit: '万元/亩',
  kind: 'at_date',
  comparator: '>=',
  goal: known('30'),
  now: known('28.5'),
  gap: known('-1.5'),
  share: '95',
  pace: '90',
  records: 55,
  external_records: 0,
  lamp: 'warn',
  lead: '区经信局',
  participants: [],
  words: { zh: '完成 95%', en: '95% done' },
};
const toCome = {
  ...row,
  id: 'P10',
  recent: { from: '2022-11', until: '2023-10', added: known('7.5'), each: ['0', '1', '0', '2', '0', '0', '0', '3', '0', '0', '1.5', '0'] },
  outlook: {
    until: '2023-12',
    each: 'month',
    has: 24,
    wants: 17,
    past_errors: 11,
    confidence: '80',
    expected: known('29'),
    low: known('28.5'),
    high: known('30.5'),
    expected_share: '97',
    low_share: '95',
    high_share: '102',
  },
};
const wanting = {
  ...row,
  id: 'P02',
  name: '一个名称很长、要占两行的目标：高耗低效企业整治提升完成率',
  now: { state: 'missing' },
  lamp: 'none',
  share: undefined,
};
const base = { caption: '目标', period: '2023' };
export const cases = [
  { name: '没有', props: { ...base, groups: [] } },
  { name: '一组', props: { ...base, groups: [{ name: '二', title: '实施目标', to: '/gallery', rows: [row, toCome, wanting] }] } },
  { name: '会议', props: { ...base, large: true, groups: [{ name: '', rows: [row] }] } },
];
