// What is typed and not yet saved, kept in this browser: a closed page or an ended session loses nothing.
// Of one account, one record, one period.
export interface Draft {
  values: Record<string, string>;
  reason: string;
  etag: string; // of the record it was typed over
}
const kPrefix = 'tenglong.draft.';
export const placeOf = (account: string, register: string, key: string, period: string): string =>
  kPrefix + [account, register, key, period].map(encodeURIComponent).join('/');

export function readDraft(place: string): Draft | undefined {
  try {
    const read = JSON.parse(localStorage.getItem(place) ?? 'null') as Draft | null;
    return read && typeof read.values === 'object' ? read : undefined;
  } catch {
    return undefined;
  }
}
export function keepDraft(place: string, draft: Draft): void {
  try {
    localStorage.setItem(place, JSON.stringify(draft));
  } catch {
    // A full or closed store keeps no draft; the form itself still holds it.
  }
}
export const dropDraft = (place: string): void => localStorage.removeItem(place);
