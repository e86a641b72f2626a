// A number as it is shown. The server gives exact decimal text; here it is only grouped and its minus made a real one.
import type { Spoken } from '@/words';

export type FigureState = 'known' | 'missing' | 'not_applicable' | 'disputed' | 'hidden' | 'gap';
export interface FigureValue {
  value?: string | null; // "12.5", "-0.2"; never rounded here unless `places` is given
  unit?: string;
  state?: FigureState;
  period?: string;
  source?: string;
  clause?: string;
  mark?: string; // 样例参数
  reason?: Spoken; // why there is no number
}

// Digits only: cuts or pads the text to `places`, rounding half up on the digits themselves.
export function toPlaces(text: string, places: number): string {
  const negative = text.startsWith('-');
  const [whole = '0', part = ''] = text.replace(/^[-+]/, '').split('.');
  if (part.length <= places) return (negative ? '-' : '') + whole + (places > 0 ? '.' + part.padEnd(places, '0') : '');
  const kept = (whole + part.slice(0, places)).split('').map(Number);
  if (part.charCodeAt(places) >= '5'.charCodeAt(0)) {
    let at = kept.length - 1;
    while (at >= 0 && kept[at] === 9) kept[at--] = 0;
    if (at >= 0) kept[at] = (kept[at] ?? 0) + 1;
    else kept.unshift(1);
  }
  const digits = kept.join('');
  const cut = digits.length - places;
  const body = places > 0 ? `${digits.slice(0, cut)}.${digits.slice(cut)}` : digits;
  return negative && /[1-9]/.test(body) ? '-' + body : body;
}

export function grouped(text: string): string {
  const negative = text.startsWith('-');
  const [whole = '0', part] = text.replace(/^[-+]/, '').split('.');
  const thousands = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return (negative ? '−' : '') + thousands + (part === undefined ? '' : '.' + part);
}

export function shown(text: string, places?: number, signed = false): string {
  const cut = places === undefined ? text : toPlaces(text, places);
  const out = grouped(cut);
  if (!signed || out.startsWith('−')) return out;
  return /[1-9]/.test(out) ? '+' + out : '±0';
}

// A figure at a glance: a sum of money or land to two places, a count as it is.
export const atAGlance = (figure: FigureValue): number | undefined => (figure.value?.includes('.') ? 2 : undefined);

// A comparison as people print it: ≥ for >=.
export const sign = (comparator: string): string => ({ '>=': '≥', '<=': '≤' })[comparator] ?? comparator;
