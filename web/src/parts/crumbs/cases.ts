import Crumbs from './Crumbs.vue';
export const part = '位置 Crumbs';
export const component = Crumbs;
export const cases = [
  {
    name: '两级',
    props: { trail: [{ label: '企业', to: '/gallery' }, { label: '样例临城模具1354有限公司' }], before: '/gallery', after: '/gallery' },
  },
];
