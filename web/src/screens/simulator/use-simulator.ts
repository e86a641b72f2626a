// Handles move at once; figures follow. Only the newest question counts: an older answer that comes late is dropped, and what is
// shown is greyed when the newest has taken more than 150 ms.
import { computed, ref, shallowRef, watch, type Ref } from 'vue';
import { Problem, request } from '@/api/client';
import type { SimulatorBase, SimulatorFigures } from '@/api/types';

export interface Change {
  what: string;
  value: string;
}
// "w.tax_per_mu=35;c.A=25" in the address; order does not matter.
export const changesToText = (changes: Change[]): string => changes.map((c) => `${c.what}=${c.value}`).join(';');
export const changesFromText = (text: string): Change[] =>
  text
    .split(';')
    .map((part) => part.split('='))
    .filter((part): part is [string, string] => part.length === 2 && part[0] !== '' && part[1] !== '')
    .map(([what, value]) => ({ what, value }));

export function useSimulator(base: Ref<SimulatorBase | undefined>, period: Ref<string>, changes: Ref<Change[]>) {
  const figures = shallowRef<SimulatorFigures>();
  const problem = shallowRef<Problem>();
  const stale = ref(false);
  let sequence = 0;
  let running: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function ask() {
    const now = base.value;
    if (!now) return;
    const mine = ++sequence;
    running?.abort();
    running = new AbortController();
    clearTimeout(timer);
    timer = setTimeout(() => (stale.value = true), 150);
    try {
      const { data } = await request<SimulatorFigures>('POST', '/api/simulator', {
        body: { scheme: now.scheme, period: period.value, set: changes.value, sequence: mine },
        signal: running.signal,
      });
      if (mine !== sequence) return;
      figures.value = data;
      problem.value = undefined;
    } catch (cause) {
      if (cause instanceof Problem && mine === sequence) problem.value = cause;
      else if (!(cause instanceof Problem) && !(cause instanceof DOMException)) throw cause;
    } finally {
      if (mine === sequence) {
        clearTimeout(timer);
        stale.value = false;
      }
    }
  }
  watch([base, period, changes], () => void ask(), { deep: true, immediate: true });
  const valueOf = (what: string, fallback: string) => computed(() => changes.value.find((c) => c.what === what)?.value ?? fallback);
  return { figures, problem, stale, valueOf };
}
