// Every page and every state of a page has its address. Screens are fetched when they are first opened.
import { createRouter, createWebHistory } from 'vue-router';
import { loadSession, session } from './session';

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (to, _, saved) => saved ?? (to.hash ? { el: to.hash, top: 64 } : { top: 0 }),
  routes: [
    { path: '/', component: () => import('./screens/cockpit/Cockpit.vue') },
    { path: '/targets/:id', component: () => import('./screens/target/Target.vue'), props: true },
    { path: '/registers', component: () => import('./screens/registers/Registers.vue') },
    { path: '/registers/:register', component: () => import('./screens/register/Register.vue'), props: true },
    { path: '/registers/:register/new', component: () => import('./screens/record-form/RecordForm.vue'), props: true },
    { path: '/registers/:register/:recordKey', component: () => import('./screens/record/Record.vue'), props: true },
    { path: '/registers/:register/:recordKey/edit', component: () => import('./screens/record-form/RecordForm.vue'), props: true },
    { path: '/enterprises/:code', component: () => import('./screens/enterprise/Enterprise.vue'), props: true },
    { path: '/evaluation', component: () => import('./screens/evaluation/Evaluation.vue') },
    { path: '/evaluation/:kind(schemes|rosters)/:id', component: () => import('./screens/ranked/Ranked.vue'), props: true },
    { path: '/simulator', component: () => import('./screens/simulator/Simulator.vue') },
    { path: '/data', component: () => import('./screens/data/Data.vue') },
    { path: '/data/imports/:id', component: () => import('./screens/import/Import.vue'), props: true },
    { path: '/data/rivals', component: () => import('./screens/rivals/Rivals.vue') },
    { path: '/data/corrections', component: () => import('./screens/corrections/Corrections.vue') },
    { path: '/data/gaps', component: () => import('./screens/gaps/Gaps.vue') },
    { path: '/rules', component: () => import('./screens/rules/Rules.vue') },
    { path: '/rules/:kind/:id', component: () => import('./screens/block/Block.vue'), props: true },
    { path: '/system', component: () => import('./screens/system/System.vue') },
    { path: '/search', component: () => import('./screens/search/Search.vue') },
    { path: '/sign-in', component: () => import('./screens/sign-in/SignIn.vue'), meta: { bare: true, open: true } },
    { path: '/set-up', component: () => import('./screens/set-up/SetUp.vue'), meta: { bare: true, open: true } },
    { path: '/gallery', component: () => import('./screens/gallery/Gallery.vue'), meta: { open: true } },
    { path: '/:rest(.*)*', component: () => import('./screens/not-there/NotThere.vue') },
  ],
});

router.beforeEach(async (to) => {
  if (to.path === '/gallery') return true;
  if (!session.ready) {
    try {
      await loadSession();
    } catch {
      return to.meta.open ? true : { path: '/sign-in', query: { to: to.fullPath } };
    }
  }
  if (session.needsSetUp && to.path !== '/set-up') return '/set-up';
  if (!to.meta.open && !session.account) return { path: '/sign-in', query: { to: to.fullPath } };
  return true;
});
