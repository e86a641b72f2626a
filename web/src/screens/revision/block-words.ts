// What the keys and words of a block are called on the screen; those that have no word of ours are shown as the pack writes them.
import { sayOr } from '@/words';

// A key may mean another thing in a block of another kind: due is who is rated, or by when something is sent.
export const keyWord = (key: string, kind = ''): string =>
  key
    .split('.')
    .map((part) => sayOr(`rules.key.${kind}.${part}`, sayOr(`rules.key.${part}`, part)))
    .join(' ');
export const kindWord = (kind: string): string => sayOr(`rules.kind.${kind}`, kind);
export const valueWord = (value: string): string => sayOr(`rules.word.${value}`, value);
// Words of the language of packs, from which one is chosen; names are typed with help.
export const isClosed = (words: string[]): boolean => words.length > 0 && words.every((word) => /^[a-z_]+$/.test(word));
// The word that is being written before the caret: letters of any script, digits, points between.
export function wordBefore(text: string, caret: number): string {
  return /[\p{L}\p{N}_.]*$/u.exec(text.slice(0, caret))?.[0] ?? '';
}
export function completionsOf(names: string[], word: string, most = 8): string[] {
  const tail = word.slice(word.lastIndexOf('.') + 1);
  if (!tail) return [];
  const begins = names.filter((name) => name !== tail && name.startsWith(tail));
  return [...begins, ...names.filter((name) => !name.startsWith(tail) && name.includes(tail))].slice(0, most);
}
