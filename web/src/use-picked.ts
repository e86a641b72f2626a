// Rows of a list that are chosen, by key; or all that the filter keeps. Another filter: nothing is chosen.
import { computed, ref, watch, type Ref } from 'vue';

export function usePicked(filter: () => unknown, shown: Ref<{ key: string }[]>, total: () => number) {
  const keys = ref<Set<string>>(new Set());
  const all = ref(false);
  function clear() {
    keys.value = new Set();
    all.value = false;
  }
  watch(() => JSON.stringify(filter()), clear);
  function set(which: string[], on: boolean) {
    const next = new Set(keys.value);
    for (const key of which)
      if (on) next.add(key);
      else next.delete(key);
    keys.value = next;
    all.value = false;
  }
  const pick = (key: string, on: boolean) => set([key], on);
  const pickPage = (on: boolean) =>
    set(
      shown.value.map((row) => row.key),
      on,
    );
  const ticked = computed(() => (all.value ? new Set(shown.value.map((row) => row.key)) : keys.value));
  const count = computed(() => (all.value ? total() : keys.value.size));
  return { keys, all, clear, pick, pickPage, ticked, count };
}
