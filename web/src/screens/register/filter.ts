// Filters as the address keeps them: FEEL conditions joined by `and`. Built from words; taken apart again at the top level only.
import type { RegisterField } from '@/api/types';

export type Comparison = '=' | '<' | '<=' | '>' | '>=' | 'contains' | 'empty';

const quoted = (text: string) => `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;

export function conditionText(field: Pick<RegisterField, 'name' | 'type'>, comparison: Comparison, value: string): string {
  const name = field.name;
  const text = value.trim();
  if (comparison === 'empty') return `${name} = null`;
  if (text === '') return '';
  if (comparison === 'contains') return `contains(${name}, ${quoted(text)})`;
  if (field.type === 'number' || field.type === 'money') {
    const plain = text.replace(/[,，\s]/g, '').replace(/^−/, '-');
    return /^-?\d+(\.\d+)?$/.test(plain) ? `${name} ${comparison} ${plain}` : '';
  }
  if (field.type === 'boolean') return text === 'true' ? `${name} = true` : `${name} = false`;
  if (field.type === 'date') return `${name} ${comparison} @"${text}"`;
  return `${name} ${comparison} ${quoted(text)}`;
}

// Parts joined by a top-level `and`: not inside quotes, brackets or backslashes.
export function conditionsOf(where: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let inText = false;
  let start = 0;
  for (let i = 0; i < where.length; ++i) {
    const c = where[i];
    if (inText) {
      if (c === '\\') ++i;
      else if (c === '"') inText = false;
    } else if (c === '"') inText = true;
    else if (c === '(' || c === '[' || c === '{') ++depth;
    else if (c === ')' || c === ']' || c === '}') --depth;
    else if (depth === 0 && where.startsWith(' and ', i)) {
      out.push(where.slice(start, i).trim());
      start = i + 5;
      i += 4;
    }
  }
  out.push(where.slice(start).trim());
  return out.filter((part) => part !== '');
}
export function addCondition(where: string, condition: string): string {
  const safe = / or /.test(condition) ? `(${condition})` : condition;
  return [...conditionsOf(where), safe].join(' and ');
}
export function removeCondition(where: string, index: number): string {
  return conditionsOf(where)
    .filter((_, i) => i !== index)
    .join(' and ');
}
