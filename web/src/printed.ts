// The chosen records of a list as one document. Its address says which: their keys, or the list and its question.
import { address, get, type Query } from './api/client';

export const mostPrinted = 500;
const kPage = 100; // of a list that is read for its keys

export function printAddress(
  register: string,
  which: { all: boolean; keys: Iterable<string>; list: string; question: Query; period?: string },
) {
  const query: Record<string, string> = which.period ? { period: which.period } : {};
  if (which.all) query.list = address(which.list, { ...which.question, page: undefined, size: undefined });
  else query.keys = [...which.keys].map(encodeURIComponent).join(',');
  return { path: `/registers/${register}/print`, query };
}

// Keys that an address names; of a list those of all its pages, at most `mostPrinted`.
export async function keysToPrint(keys: string, list: string, signal: AbortSignal): Promise<string[]> {
  if (!/^\/api\/(registers|results)\//.test(list)) return keys.split(',').filter(Boolean).map(decodeURIComponent);
  const out: string[] = [];
  for (let page = 1; out.length < mostPrinted; ++page) {
    const more = `${list}${list.includes('?') ? '&' : '?'}page=${page}&size=${kPage}`;
    const got = await get<{ rows: { key: string }[]; total: number }>(more, {}, signal);
    out.push(...got.rows.map((row) => row.key));
    if (got.rows.length < kPage || out.length >= got.total) break;
  }
  return out.slice(0, mostPrinted);
}

// Each read by itself, a few at a time, in their order.
export async function readEach<T>(keys: string[], read: (key: string) => Promise<T>, told: (read: number) => void): Promise<T[]> {
  const kAtOnce = 4;
  const out = new Array<T>(keys.length);
  let next = 0;
  let done = 0;
  const reader = async () => {
    for (let at = next++; at < keys.length; at = next++) {
      out[at] = await read(keys[at]!);
      told(++done);
    }
  };
  await Promise.all(Array.from({ length: kAtOnce }, reader));
  return out;
}
