import SearchBox from './SearchBox.vue';
export const part = '查找 SearchBox';
export const component = SearchBox;
const found = [{ name: '企业', items: [{ title: '样例临城模具0101有限公司', subtitle: '913309024000070769', to: '/gallery' }] }];
export const cases = [
  { name: '输入后列出', props: { find: () => Promise.resolve(found) } },
  { name: '没有', props: { find: () => Promise.resolve([]) } },
];
