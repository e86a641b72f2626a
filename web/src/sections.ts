// The places of the application: words of the bar, and the second level under two of them. A place is shown to who may do
// something there; what is not shown is refused by the server all the same.
import { session } from './session';
import type { Word } from './words';

export interface Place {
  word: Word;
  to: string;
  needs?: string; // any of these operations; absent: everybody
  office?: true; // of the offices; an enterprise contact has a page of its own instead
}
export const sections: Record<string, Place[]> = {
  data: [
    { word: 'data.items', to: '/data', needs: 'read_record confirm_item import_batch', office: true },
    { word: 'data.imports', to: '/data/imports', needs: 'import_batch' },
    { word: 'data.rivals', to: '/data/rivals', needs: 'choose_rival' },
    { word: 'data.corrections', to: '/data/corrections', needs: 'propose_correction approve_correction' },
    { word: 'notices.title', to: '/notices', needs: 'read_record send_receipt' },
    { word: 'registers.title', to: '/registers', needs: 'read_record', office: true },
    { word: 'gaps.title', to: '/gaps', office: true },
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
  { word: 'nav.cockpit', to: '/', needs: 'read_result', office: true },
  { word: 'nav.chapters', to: '/chapters' },
  { word: 'nav.enterprises', to: '/registers/enterprise', needs: 'read_record', office: true },
  { word: 'nav.evaluation', to: '/evaluation', needs: 'read_result', office: true },
  { word: 'nav.simulator', to: '/simulator', needs: 'try_scheme' },
  { word: 'nav.data', to: '/data', section: 'data' },
  { word: 'nav.rules', to: '/rules', section: 'rules' },
  { word: 'nav.system', to: '/system', section: 'system' },
];
const isOpen = (place: Place) =>
  !(place.office && session.firms.length > 0) && (!place.needs || place.needs.split(' ').some((one) => session.may(one)));
const own = (): Place[] => session.firms.slice(0, 1).map((code) => ({ word: 'nav.mine', to: `/enterprises/${code}` }));
export const openOf = (section: string): Place[] => (sections[section] ?? []).filter(isOpen);
export function openPlaces(): (Place & { section?: string })[] {
  const places = bar.flatMap((place) => {
    if (!place.section) return isOpen(place) ? [place] : [];
    const open = openOf(place.section);
    // A section of one place goes by its name.
    const word = open.length === 1 ? open[0]!.word : place.word;
    return open[0] ? [{ ...place, word, to: open[0].to }] : [];
  });
  return [...own(), ...places];
}
