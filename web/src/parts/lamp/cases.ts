import Lamp from './Lamp.vue';
export const part = '灯 Lamp';
export const component = Lamp;
export const cases = ['ok', 'warn', 'late', 'none', 'line'].map((state) => ({ name: state, props: { state } }));
