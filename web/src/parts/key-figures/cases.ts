import KeyFigures from './KeyFigures.vue';
export const part = '主要数字 KeyFigures';
export const component = KeyFigures;
const figure = (value: string, unit = '家') => ({ value, unit, state: 'known' as const });
export const cases = [
  {
    name: '动了',
    props: {
      figures: [
        { id: 'moved', label: { zh: '等级变动', en: 'Change grade' }, now: figure('12'), before: figure('0'), change: figure('12') },
        { id: 'd', label: { zh: 'D 档企业', en: 'Grade D' }, now: figure('16'), before: figure('18'), change: figure('-2') },
      ],
    },
  },
  { name: '没有', props: { figures: [] } },
];
