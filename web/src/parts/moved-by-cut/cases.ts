import MovedByCut from './MovedByCut.vue';
export const part = '各处升降 MovedByCut';
export const component = MovedByCut;
const group = (cut: string, name: string, from: string, to: string, records: number) => ({
  ...{ cut, of: name, name, from, to, records },
  rises: to < from,
  measures: {},
});
export const cases = [
  {
    name: '镇街与行业',
    props: {
      moved: [
        group('', '', 'C', 'B', 3),
        group('镇街', '临城街道', 'C', 'B', 2),
        group('镇街', '很长很长很长很长的镇街（管理委员会）', 'C', 'B', 1),
        group('行业', '专用设备制造业', 'C', 'B', 3),
      ],
    },
  },
  { name: '没有人动', props: { moved: [] } },
];
