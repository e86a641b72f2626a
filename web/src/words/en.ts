// English: sentence case, the same keys, the same figures. Names of enterprises and units stay Chinese.
import { frame } from './en/frame';
import { data } from './en/data';
import { results } from './en/results';
import { rules } from './en/rules';
import { system } from './en/system';
import type { zh } from './zh';

export const en: typeof zh = { ...frame, ...data, ...results, ...rules, ...system };
