import Tabs from './Tabs.vue';
export const part = '页签 Tabs';
export const component = Tabs;
export const cases = [
  {
    name: '三个',
    props: {
      label: '企业页',
      current: 'score',
      tabs: [
        { name: 'score', label: '评价得分', to: '/gallery' },
        { name: 'data', label: '经营数据', to: '/gallery', count: '24' },
        { name: 'history', label: '变更记录', to: '/gallery' },
      ],
    },
  },
];
