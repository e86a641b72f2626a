import { h } from 'vue';
import Panel from './Panel.vue';
export const part = '块 Panel';
export const component = Panel;
export const cases = [{ name: '有题目', props: { title: '历年等级' }, slots: { default: () => h('p', '2021 年 C 档，2022 年 B 档。') } }];
