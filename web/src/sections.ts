// The places of the application: words of the bar, and the second level under two of them. A place is shown to who may do
// something there; what is not shown is refused by the server all the same.
import { session } from './session';
import type { Word } from './words';

export interface Place {
  word: Word;
  to: string;
  needs?: string; // any of these operations; absent: everybody
}
export const sections: Record<string, Place[]> = {
  data: [
    { word: 'data.items', to: '/data', needs: 'read_record confirm_item import_batch' },
    { word: 'data.imports', to: '/data/imports', needs: 'import_batch' },
    { word: 'data.rivals', to: '/data/rivals', needs: 'choose_rival' },
    { word: 'data.corrections', to: '/data/corrections', needs: 'propose_correction approve_correction' },
    { word: 'registers.title', to: '/registers', needs: 'read_record' },
    { word: 'gaps.title', to: '/gaps' },
    { word: 'system.jobs', to: '/jobs', needs: 'import_batch' },
  ],
  rules: [
    { word: 'rules.title', to: '/rules' },
    { word: 'revisions.title', to: '/rules/revisions', needs: 'edit_pack approve_pack' },
  ],
  system: [
    { word: 'system.accounts', to: '/system', needs: 'manage_account grant_role' },
    { word: 'system.units', to: '/units', needs: 'manage_account grant_role read_trail backup' },
    { word: 'system.access', to: '/access', needs: 'manage_account grant_role read_trail' },
    { word: 'system.backup', to: '/backups', needs: 'backup' },
    { word: 'system.jobs', to: '/jobs', needs: 'backup' },
    { word: 'system.trail', to: '/trail', needs: 'read_trail' },
  ],
};
const bar: (Place & { section?: string })[] = [
  { word: 'nav.cockpit', to: '/', needs: 'read_result' },
  { word: 'nav.chapters', to: '/chapters' },
  { word: 'nav.enterprises', to: '/registers/enterprise', needs: 'read_record' },
  { word: 'nav.evaluation', to: '/evaluation', needs: 'read_result' },
  { word: 'nav.simulator', to: '/simulator', needs: 'try_scheme' },
  { word: 'nav.data', to: '/data', section: 'data' },
  { word: 'nav.rules', to: '/rules', section: 'rules' },
  { word: 'nav.system', to: '/system', section: 'system' },
];
const isOpen = (place: Place) => !place.needs || place.needs.split(' ').some((one) => session.may(one));
export const openOf = (section: string): Place[] => (sections[section] ?? []).filter(isOpen);
export function openPlaces(): (Place & { section?: string })[] {
  return bar.flatMap((place) => {
    if (!place.section) return isOpen(place) ? [place] : [];
    const first = openOf(place.section)[0];
    return first ? [{ ...place, to: first.to }] : [];
  });
}
