// What was saved a moment ago, for the page of the record: it says what changed and offers 撤回. Kept for this tab only.
import { ref } from 'vue';
import type { Saved } from '@/api/types';

export interface JustSaved extends Saved {
  register: string;
  period: string;
}
const place = 'tenglong.saved';
function kept(): JustSaved | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
export const justSaved = ref<JustSaved | undefined>(kept());
export function keepSaved(saved: JustSaved | undefined): void {
  justSaved.value = saved;
  if (saved) sessionStorage.setItem(place, JSON.stringify(saved));
  else sessionStorage.removeItem(place);
}
