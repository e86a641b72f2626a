import PriceTable from './PriceTable.vue';
export const part = '价格前后 PriceTable';
export const component = PriceTable;
const money = (value: string) => ({ value, unit: '万元', state: 'known' });
const gap = {
  unit: '万元',
  state: 'gap',
  reason: { zh: '还缺：差别化用电加价标准（等级 D；Q17）', en: 'still lacks: 差别化用电加价标准' },
};
const line = (cut: string, name: string, before: object, now: object, change: object, without = 0) => ({
  ...{ cut, of: name, name, before, now, change },
  ...{ records_before: 3, records_now: 2, without_before: 0, without_now: without },
});
const price = { name: '用电加价', rate: '差别化用电加价标准', field: '用电量', unit: '万元', clause: '四(四)', waits: [] };
export const cases = [
  {
    name: '各档、镇街',
    props: {
      price: {
        ...price,
        lines: [
          line('', '', money('12.5'), money('10.25'), money('-2.25'), 1),
          line('等级', 'C', money('4.5'), money('4.5'), money('0')),
          line('等级', 'D', money('8'), money('5.75'), money('-2.25'), 1),
          line('镇街', '很长很长很长很长的镇街（管理委员会）', money('12.5'), money('10.25'), money('-2.25'), 1),
        ],
      },
    },
  },
  {
    name: '费率没有公布',
    props: { price: { ...price, lines: [line('', '', gap, gap, gap)], waits: [gap.reason] } },
  },
];
