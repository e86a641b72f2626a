// Something asked of the server, with its states: loading, here, refused. Asked again when its question changes; a late answer
// to an older question is dropped; what was shown stays until the new answer is here.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { Problem } from './client';

export interface Asked<T> {
  data: ShallowRef<T | undefined>;
  problem: ShallowRef<Problem | undefined>;
  loading: Ref<boolean>;
  again: () => void;
}
export function asked<Q, T>(question: () => Q, ask: (question: Q, signal: AbortSignal) => Promise<T>): Asked<T> {
  const data = shallowRef<T>();
  const problem = shallowRef<Problem>();
  const loading = ref(true);
  let stop: AbortController | undefined;
  async function run() {
    stop?.abort();
    const mine = new AbortController();
    stop = mine;
    loading.value = true;
    try {
      const answer = await ask(question(), mine.signal);
      if (mine.signal.aborted) return;
      data.value = answer;
      problem.value = undefined;
    } catch (cause) {
      if (mine.signal.aborted) return;
      if (!(cause instanceof Problem)) throw cause;
      problem.value = cause;
    } finally {
      if (!mine.signal.aborted) loading.value = false;
    }
  }
  watch(() => JSON.stringify(question()), run, { immediate: true });
  onScopeDispose(() => stop?.abort());
  return { data, problem, loading, again: () => void run() };
}
