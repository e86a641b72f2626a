// Every sentence a person reads. Two languages, one set of keys: a missing key does not compile.
import { computed, ref } from 'vue';
import { en } from './en';
import { zh } from './zh';

export type Language = 'zh' | 'en';
const kept = 'tenglong.language';

function first(): Language {
  try {
    return localStorage.getItem(kept) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh';
  }
}
export const language = ref<Language>(first());

export function speak(next: Language): void {
  language.value = next;
  document.documentElement.lang = next === 'en' ? 'en' : 'zh-CN';
  try {
    localStorage.setItem(kept, next);
  } catch {
    // A browser that keeps nothing still speaks for this page.
  }
}

const table = computed(() => (language.value === 'en' ? en : zh));
export type Word = keyof typeof zh;
export type Blanks = Record<string, string | number>;

// The sentence with its blanks filled: say('firms.count', { n: 214 }).
export function say(word: Word, blanks: Blanks = {}): string {
  return (table.value[word] ?? word).replace(/\{(\w+)\}/g, (_, name: string) => String(blanks[name] ?? ''));
}
// What the server says in two languages.
export interface Spoken {
  zh: string;
  en: string;
}
export function told(spoken: Spoken | string | undefined | null): string {
  if (!spoken) return '';
  if (typeof spoken === 'string') return spoken;
  return language.value === 'en' && spoken.en ? spoken.en : spoken.zh;
}
// A word that may not be ours: what the pack or the server calls a thing, with the code itself where we have no word.
export function sayOr(word: string, otherwise: string): string {
  return word in table.value ? say(word as Word) : otherwise;
}
