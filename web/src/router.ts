// Every page and every state of a page has its address. Screens are fetched when they are first opened.
import { createRouter, createWebHistory } from 'vue-router';
import { door, session, sessionOnce } from './session';

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (to, _, saved) => saved ?? (to.hash ? { el: to.hash, top: 64 } : { top: 0 }),
  routes: [
    { path: '/', component: () => import('./screens/cockpit/Cockpit.vue') },
    { path: '/report', component: () => import('./screens/report/Report.vue') },
    { path: '/paper', component: () => import('./screens/paper/Paper.vue') },
    { path: '/sign-in', component: () => import('./screens/sign-in/SignIn.vue'), meta: { open: true } },
    { path: '/set-up', component: () => import('./screens/set-up/SetUp.vue'), meta: { open: true } },
    { path: '/targets/:id', component: () => import('./screens/target/Target.vue'), props: true },
    { path: '/data', component: () => import('./screens/data/Data.vue'), meta: { section: 'data' } },
    { path: '/data/imports', component: () => import('./screens/imports/Imports.vue'), meta: { section: 'data' } },
    { path: '/data/imports/:id', component: () => import('./screens/import/Import.vue'), props: true },
    { path: '/data/rivals', component: () => import('./screens/rivals/Rivals.vue'), meta: { section: 'data' } },
    { path: '/data/corrections', component: () => import('./screens/corrections/Corrections.vue'), meta: { section: 'data' } },
    { path: '/registers', component: () => import('./screens/registers/Registers.vue'), meta: { section: 'data' } },
    { path: '/registers/:register', component: () => import('./screens/register/Register.vue'), props: true },
    { path: '/registers/:register/+', component: () => import('./screens/record-form/RecordForm.vue'), props: true },
    { path: '/registers/:register/print', component: () => import('./screens/records-print/RecordsPrint.vue'), props: true },
    { path: '/registers/:register/:recordKey', component: () => import('./screens/record/Record.vue'), props: true },
    { path: '/registers/:register/:recordKey/edit', component: () => import('./screens/record-form/RecordForm.vue'), props: true },
    { path: '/enterprises/:code', component: () => import('./screens/enterprise/Enterprise.vue'), props: true },
    { path: '/evaluation', component: () => import('./screens/evaluation/Evaluation.vue') },
    { path: '/evaluation/schemes/:id/robustness', component: () => import('./screens/robustness/Robustness.vue'), props: true },
    { path: '/evaluation/:kind(schemes|rosters)/:id', component: () => import('./screens/ranked/Ranked.vue'), props: true },
    { path: '/simulator', component: () => import('./screens/simulator/Simulator.vue') },
    { path: '/search', component: () => import('./screens/search/Search.vue') },
    { path: '/notices', component: () => import('./screens/notices/Notices.vue'), meta: { section: 'data' } },
    { path: '/gaps', component: () => import('./screens/gaps/Gaps.vue'), meta: { section: 'data' } },
    { path: '/rules', component: () => import('./screens/rules/Rules.vue'), meta: { section: 'rules' } },
    { path: '/rules/revisions', component: () => import('./screens/revisions/Revisions.vue'), meta: { section: 'rules' } },
    { path: '/rules/revisions/:id', component: () => import('./screens/revision/Revision.vue'), props: true },
    { path: '/rules/:kind/:id', component: () => import('./screens/block/Block.vue'), props: true },
    { path: '/chapters/:chapter?', component: () => import('./screens/chapter/Chapter.vue'), props: true },
    { path: '/system', component: () => import('./screens/system/System.vue'), meta: { section: 'system' } },
    { path: '/access', component: () => import('./screens/access/Access.vue'), meta: { section: 'system' } },
    { path: '/backups', component: () => import('./screens/backups/Backups.vue'), meta: { section: 'system' } },
    { path: '/units', component: () => import('./screens/units/Units.vue'), meta: { section: 'system' } },
    { path: '/jobs', component: () => import('./screens/jobs/Jobs.vue'), meta: { section: 'system' } },
    { path: '/trail', component: () => import('./screens/trail/Trail.vue'), meta: { section: 'system' } },
    { path: '/gallery', component: () => import('./screens/gallery/Gallery.vue'), meta: { open: true } },
    { path: '/:rest(.*)*', component: () => import('./screens/not-there/NotThere.vue') },
  ],
});
// Nobody is inside without having come in by the door; where they were going is kept in the address.
router.beforeEach(async (to) => {
  if (!session.ready) await sessionOnce().catch(() => {});
  if (!session.ready || to.meta.open) return true;
  const at = door();
  return at ? { path: at, query: to.path === '/' ? {} : { to: to.fullPath } } : true;
});
