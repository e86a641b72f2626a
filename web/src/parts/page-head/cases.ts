import PageHead from './PageHead.vue';
export const part = '页头 PageHead';
export const component = PageHead;
export const cases = [
  { name: '有句子', props: { title: '驾驶舱', sentence: '截至 2023 年，40 项目标中 30 项预计可达标，4 项有风险，6 项难以完成。' } },
];
