import { describe, expect, it } from 'vitest';
import { changesFromText, changesToText } from './use-simulator';

describe('changes in the address', () => {
  it('come back as they went', () => {
    const changes = [
      { what: 'w.tax_per_mu', value: '35' },
      { what: 'c.A', value: '25.5' },
    ];
    expect(changesFromText(changesToText(changes))).toEqual(changes);
  });
  it('drop what is broken', () => expect(changesFromText('a=1;;b=;=2;c')).toEqual([{ what: 'a', value: '1' }]));
});
