// A file in pieces: what is safely there stays there, so that a broken line or a closed page goes on where it stopped.
import { Problem, request } from './client';
import type { Upload } from './types';

const kPiece = 1 << 20; // small enough to show progress and to lose little
const kWaits = [1000, 3000, 8000]; // milliseconds between tries of one piece

// The same file chosen again in this browser is the same upload.
const placeOf = (file: File) => `tenglong.upload.${file.name}.${file.size}.${file.lastModified}`;

async function begun(file: File): Promise<Upload> {
  const kept = localStorage.getItem(placeOf(file));
  if (kept) {
    try {
      return (await request<Upload>('GET', `/api/uploads/${kept}`)).data;
    } catch (cause) {
      if (!(cause instanceof Problem) || cause.status === 0) throw cause;
      localStorage.removeItem(placeOf(file));
    }
  }
  const fresh = (await request<Upload>('POST', '/api/uploads', { body: { name: file.name, size: file.size } })).data;
  localStorage.setItem(placeOf(file), fresh.upload);
  return fresh;
}

// Returns the id of the whole upload.
export async function send(file: File, progress: (share: number) => void, waits: readonly number[] = kWaits): Promise<string> {
  let upload = await begun(file);
  let tries = 0;
  while (upload.received < upload.size) {
    progress(upload.received / upload.size);
    const end = Math.min(upload.received + Math.min(kPiece, upload.piece), upload.size);
    try {
      const range = `bytes ${upload.received}-${end - 1}/${upload.size}`;
      upload = (await request<Upload>('PUT', `/api/uploads/${upload.upload}`, { body: file.slice(upload.received, end), range })).data;
      tries = 0;
    } catch (cause) {
      // A broken line or a busy server: wait, ask how much is there, go on from it.
      if (!(cause instanceof Problem) || ![0, 416, 429, 503].includes(cause.status) || tries >= waits.length) throw cause;
      await new Promise((resolve) => setTimeout(resolve, waits[tries++]));
      upload = (await request<Upload>('GET', `/api/uploads/${upload.upload}`)).data;
    }
  }
  progress(1);
  localStorage.removeItem(placeOf(file));
  return upload.upload;
}

// A block copied from a spreadsheet, as the file that it would have been: the checks are the same.
export function asFile(block: string, name: string): File {
  const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell);
  const lines = cellsOf(block).map((row) => row.map(quoted).join(','));
  return new File(['\uFEFF' + lines.join('\r\n') + '\r\n'], name, { type: 'text/csv', lastModified: Date.now() });
}
// Tabs and lines; a cell with a line break inside stands in quotes, as Excel and WPS copy it.
export function cellsOf(block: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < block.length; ++i) {
    const c = block[i]!;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (block[i + 1] === '"') cell += block[i++]!;
      else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === '\t' || c === '\n') {
      row.push(cell.replace(/\r$/, ''));
      cell = '';
      if (c === '\n') {
        rows.push(row);
        row = [];
      }
    } else cell += c;
  }
  if (cell || row.length) rows.push([...row, cell.replace(/\r$/, '')]);
  return rows.filter((cells) => cells.some((one) => one.trim() !== ''));
}
