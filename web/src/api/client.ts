// The way to the server. Every refusal is a Problem with the number of its request; nothing is thrown away in silence.
import { say, told, type Spoken } from '@/words';
import type { FindingDto } from './types';

export interface Finding {
  code: string;
  place?: string;
  pointer?: string; // of a field: /legal_name
  message: string;
  advice?: string;
}
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly number: string,
    readonly findings: Finding[],
    readonly body: Record<string, unknown> = {},
  ) {
    super(title);
  }
}
export type Query = Record<string, string | number | boolean | undefined | null>;

let token = '';
export function remember(csrf: string): void {
  token = csrf;
}
export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path;
}
// Something a person can open: workbook!sheet!cell, or file:line:column.
export const placeOf = (f: FindingDto): string =>
  [f.in, f.sheet, f.cell].filter(Boolean).join('!') + (f.line ? `:${f.line}` : '') + (f.column ? `:${f.column}` : '');
export const finding = (f: FindingDto): Finding => ({
  code: f.code,
  place: placeOf(f),
  pointer: f.pointer,
  message: told(f.message),
  advice: f.advice ? told(f.advice) : undefined,
});

// What is wrong and how to mend it, as one text.
export const inFull = (f: Finding): string =>
  f.advice ? f.message + (/[。.？?；;]$/.test(f.message) ? '' : say('notice.stop')) + f.advice : f.message;

function problemOf(status: number, body: Record<string, unknown>, number: string): Problem {
  const words = (value: unknown) => told(value as Spoken | string | undefined);
  const fallback =
    status === 0 ? 'notice.offline' : status === 404 ? 'notice.notThere' : status === 403 ? 'notice.noRight' : 'notice.failed';
  const findings = Array.isArray(body.diagnostics) ? (body.diagnostics as FindingDto[]).map(finding) : [];
  return new Problem(status, words(body.title) || say(fallback), words(body.detail), String(body.request ?? number), findings, body);
}

export interface Answer<T> {
  data: T;
  etag: string;
}
interface Sent {
  query?: Query;
  body?: unknown; // a Blob goes as its bytes, everything else as JSON
  range?: string; // Content-Range of a piece
  etag?: string;
  signal?: AbortSignal;
  key?: string; // Idempotency-Key: the same press is the same deed
}
export async function request<T>(method: string, path: string, sent: Sent = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const isBytes = sent.body instanceof Blob;
  if (sent.body !== undefined) headers['Content-Type'] = isBytes ? 'application/octet-stream' : 'application/json';
  if (sent.range) headers['Content-Range'] = sent.range;
  if (method !== 'GET') {
    headers['X-CSRF-Token'] = token;
    headers['Idempotency-Key'] = sent.key ?? crypto.randomUUID();
  }
  if (sent.etag) headers['If-Match'] = sent.etag;
  let response: Response;
  try {
    response = await fetch(address(path, sent.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: sent.body === undefined ? null : isBytes ? (sent.body as Blob) : JSON.stringify(sent.body),
      signal: sent.signal ?? null,
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw problemOf(0, {}, '');
  }
  const number = response.headers.get('X-Request-Number') ?? '';
  const text = await response.text();
  let body: unknown = {};
  try {
    body = text ? JSON.parse(text) : {};
  } catch {
    if (response.ok) throw problemOf(response.status, {}, number);
  }
  if (response.status === 401 && !path.startsWith('/api/session')) window.dispatchEvent(new Event('tenglong-session-ended'));
  if (!response.ok) throw problemOf(response.status, (body ?? {}) as Record<string, unknown>, number);
  return { data: body as T, etag: response.headers.get('ETag') ?? '' };
}
export const get = async <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  (await request<T>('GET', path, { query, signal })).data;
export const post = async <T>(path: string, body: unknown = {}, key?: string): Promise<T> =>
  (await request<T>('POST', path, { body, key })).data;

// Live answers of one thing until it ends: every event of this name.
export function follow<T>(path: string, event: string, each: (value: T) => void): () => void {
  const source = new EventSource(path);
  source.addEventListener(event, (message) => each(JSON.parse((message as MessageEvent<string>).data) as T));
  return () => source.close();
}
