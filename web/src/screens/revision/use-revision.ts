// One draft and what is done to it. Every change is saved at once, one after the other, on the version that was seen; a change
// that somebody else was quicker than is kept and shown beside theirs.
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { Problem, request } from '@/api/client';
import type { Revision } from '@/api/types';
import { say } from '@/words';

export interface Lost {
  current: Revision;
  sent: string;
}
export function useRevision(id: () => string) {
  const data = shallowRef<Revision>();
  const problem = shallowRef<Problem>(); // of reading
  const refused = shallowRef<Problem>(); // of the last change
  const lost = shallowRef<Lost>();
  const loading = ref(true);
  const saving = ref(0);
  const savedAt = ref('');
  let stop: AbortController | undefined;

  async function load() {
    stop?.abort();
    const mine = new AbortController();
    stop = mine;
    loading.value = true;
    try {
      const answer = await request<Revision>('GET', `/api/revisions/${encodeURIComponent(id())}`, { signal: mine.signal });
      if (mine.signal.aborted) return;
      data.value = answer.data;
      problem.value = undefined;
    } catch (cause) {
      if (mine.signal.aborted) return;
      if (!(cause instanceof Problem)) throw cause;
      problem.value = cause;
    } finally {
      if (!mine.signal.aborted) loading.value = false;
    }
  }
  let last: Promise<unknown> = Promise.resolve();
  // What went wrong, or nothing.
  function change(method: string, path: string, body?: unknown): Promise<Problem | undefined> {
    const key = crypto.randomUUID();
    const mine = last.then(async () => {
      saving.value++;
      try {
        const answer = await request<Revision>(method, `/api/revisions/${encodeURIComponent(id())}${path}`, {
          body: method === 'DELETE' ? undefined : (body ?? {}),
          etag: data.value?.etag,
          key,
        });
        data.value = answer.data;
        refused.value = undefined;
        savedAt.value = answer.data.edited_at.slice(11, 19);
        return undefined;
      } catch (cause) {
        if (!(cause instanceof Problem)) throw cause;
        if (cause.status === 412) lost.value = { current: cause.body.current as Revision, sent: sentOf(body) };
        else refused.value = cause;
        return cause;
      } finally {
        saving.value--;
      }
    });
    last = mine.catch(() => {});
    return mine;
  }
  function takeCurrent() {
    if (lost.value) data.value = lost.value.current;
    lost.value = undefined;
  }
  watch(id, load, { immediate: true });
  onScopeDispose(() => stop?.abort());
  return { data, problem, refused, lost, loading, saving, savedAt, again: () => void load(), change, takeCurrent };
}
// The words of a change that was not kept, for the person who typed them.
function sentOf(body: unknown): string {
  const sent = (body ?? {}) as Record<string, unknown>;
  if (sent.dmn) return say('revision.dmnSent');
  return String(sent.value ?? sent.text ?? sent.name ?? '');
}
