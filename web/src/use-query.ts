// The state of a page lives in its address: reading it is reading the query, changing it is going there.
import { computed, type WritableComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { session } from './session';

export function useQuery() {
  const route = useRoute();
  const router = useRouter();
  const of = (name: string): string => {
    const value = route.query[name];
    return typeof value === 'string' ? value : '';
  };
  function put(changes: Record<string, string | undefined>, keepPage = false): void {
    const query: Record<string, string> = {};
    for (const [name, value] of Object.entries(route.query)) if (typeof value === 'string') query[name] = value;
    if (!keepPage) delete query.page;
    for (const [name, value] of Object.entries(changes)) {
      if (value) query[name] = value;
      else delete query[name];
    }
    void router.replace({ query });
  }
  const state = (name: string, fallback = ''): WritableComputedRef<string> =>
    computed({ get: () => of(name) || fallback, set: (value) => put({ [name]: value === fallback ? undefined : value }) });
  const period = computed({
    get: () => of('period') || session.pack?.default_period || '',
    set: (value) => put({ period: value }),
  });
  const page = computed({ get: () => Math.max(1, Number(of('page')) || 1), set: (value) => put({ page: String(value) }, true) });
  const size = computed({ get: () => Number(of('size')) || 50, set: (value) => put({ size: String(value) }) });
  return { of, put, state, period, page, size, route, router };
}
