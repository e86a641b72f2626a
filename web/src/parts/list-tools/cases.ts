import ListTools from './ListTools.vue';
export const part = '列表工具 ListTools';
export const component = ListTools;
export const cases = [
  {
    name: '三列',
    props: {
      list: 'gallery',
      columns: [
        { id: 'rank', name: '名次' },
        { id: 'name', name: '名称' },
        { id: 'total', name: '总分' },
      ],
      shown: ['rank', 'name'],
      to: '/gallery',
    },
  },
];
