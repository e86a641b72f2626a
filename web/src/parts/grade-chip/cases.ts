import GradeChip from './GradeChip.vue';
export const part = '等级 GradeChip';
export const component = GradeChip;
export const cases = [
  ...['A', 'B', 'C', 'D'].map((grade) => ({ name: `${grade} 档`, props: { grade } })),
  { name: '没有等级', props: { grade: null } },
  { name: '大字', props: { grade: 'C', name: '提升发展', large: true } },
];
