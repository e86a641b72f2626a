// 中文。短，照条文的用语，不寒暄。
import { frame } from './zh/frame';
import { data } from './zh/data';
import { results } from './zh/results';
import { rules } from './zh/rules';
import { system } from './zh/system';

export const zh = { ...frame, ...data, ...results, ...rules, ...system };
