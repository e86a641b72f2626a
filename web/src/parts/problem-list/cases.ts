import { Problem } from '@/api/client';
import ProblemList from './ProblemList.vue';
export const part = '不能办的原因 ProblemList';
export const component = ProblemList;
const reasons = [
  { code: 'E-SERVER-407', message: '“用地面积”还没有确认。', advice: '由市资源规划局定海分局确认，或写明例外的理由。' },
  { code: 'E-SERVER-407', message: '“用电量”有两家说法不同。', advice: '选定一个，写明理由。' },
];
export const cases = [
  { name: '几个原因', props: { problem: new Problem(409, '不能办，原因如下。', '', '601e3-000035', reasons) } },
  { name: '一句话', props: { problem: new Problem(500, '没有办成', '已填的内容没有变。', '601e3-000036', []) } },
];
