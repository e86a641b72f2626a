// Named lists: a name for an address, kept in this browser.
import { ref, watchEffect, type Ref } from 'vue';

export interface SavedList {
  name: string;
  to: string;
}
export function savedLists(register: () => string): { lists: Ref<SavedList[]>; keep: (name: string, to: string) => void } {
  const lists = ref<SavedList[]>([]);
  const place = () => `tenglong.lists.${register()}`;
  watchEffect(() => {
    try {
      lists.value = JSON.parse(localStorage.getItem(place()) ?? '[]') as SavedList[];
    } catch {
      lists.value = [];
    }
  });
  function keep(name: string, to: string): void {
    if (!name.trim()) return;
    lists.value = [...lists.value.filter((l) => l.name !== name.trim()), { name: name.trim(), to }];
    localStorage.setItem(place(), JSON.stringify(lists.value));
  }
  return { lists, keep };
}
