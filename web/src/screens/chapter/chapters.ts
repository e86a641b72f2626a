// The chapters of a plan, from the names of its clauses alone: 三(一)3 belongs to 三(一), 四(二) to 四, 二 is one of its own.
export interface Named {
  id: string;
  title: string;
}
export interface Chapter<C extends Named> {
  id: string;
  title: string;
  clauses: C[];
}

export function chaptersOf<C extends Named>(clauses: C[]): Chapter<C>[] {
  const isBelow = (one: string, other: string) => one !== other && one.startsWith(other);
  const heads = clauses.filter((c) => clauses.some((other) => isBelow(other.id, c.id)));
  const headOf = (c: C): C => heads.filter((h) => isBelow(c.id, h.id)).sort((a, b) => b.id.length - a.id.length)[0] ?? c;
  const out: Chapter<C>[] = [];
  for (const clause of clauses) {
    const head = headOf(clause);
    const found = out.find((chapter) => chapter.id === head.id);
    if (found) found.clauses.push(clause);
    else out.push({ id: head.id, title: head.title, clauses: [clause] });
  }
  return out;
}
// A target's clause names its number after a dot: 三(一)3·P19 stands in 三(一)3.
export const clauseOf = (text: string): string => text.split('·')[0] ?? text;
