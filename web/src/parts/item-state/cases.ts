import ItemState from './ItemState.vue';
export const part = '数据项现状 ItemState';
export const component = ItemState;
export const cases = [
  { name: '未到，逾期', props: { state: 'not_sent', name: '未到', late: 12 } },
  { name: '已到', props: { state: 'sent', name: '已到' } },
  { name: '有疑', props: { state: 'questioned', name: '有疑' } },
  { name: '已退回', props: { state: 'returned', name: '已退回' } },
  { name: '已确认', props: { state: 'confirmed', name: '已确认' } },
  { name: '已锁定', props: { state: 'locked', name: '已锁定' } },
];
