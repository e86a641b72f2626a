// Where a value came from, in one line: file, sheet and cell, or the form it was typed into; whose it is, who sent it, when.
import type { Origin } from '@/api/types';
import { say, sayOr } from '@/words';

export const originLine = (o?: Origin): string =>
  !o
    ? ''
    : [
        o.source === 'file' ? o.file : sayOr(`record.source.${o.source}`, o.file),
        o.source === 'file' ? o.sheet : '',
        o.source !== 'file' ? '' : o.cell || (o.row ? say('record.row', { row: o.row }) : ''),
        o.provider,
        o.submitter,
        o.at.slice(0, 10),
      ]
        .filter(Boolean)
        .join(' · ');
