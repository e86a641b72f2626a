// Every page and every state of a page has its address. Screens are fetched when they are first opened.
import { createRouter, createWebHistory } from 'vue-router';

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (to, _, saved) => saved ?? (to.hash ? { el: to.hash, top: 64 } : { top: 0 }),
  routes: [
    { path: '/', component: () => import('./screens/cockpit/Cockpit.vue') },
    { path: '/targets/:id', component: () => import('./screens/target/Target.vue'), props: true },
    { path: '/registers', component: () => import('./screens/registers/Registers.vue') },
    { path: '/registers/:register', component: () => import('./screens/register/Register.vue'), props: true },
    { path: '/registers/:register/:recordKey', component: () => import('./screens/record/Record.vue'), props: true },
    { path: '/enterprises/:code', component: () => import('./screens/enterprise/Enterprise.vue'), props: true },
    { path: '/evaluation', component: () => import('./screens/evaluation/Evaluation.vue') },
    { path: '/evaluation/:kind(schemes|rosters)/:id', component: () => import('./screens/ranked/Ranked.vue'), props: true },
    { path: '/simulator', component: () => import('./screens/simulator/Simulator.vue') },
    { path: '/gaps', component: () => import('./screens/gaps/Gaps.vue') },
    { path: '/rules', component: () => import('./screens/rules/Rules.vue') },
    { path: '/rules/:kind/:id', component: () => import('./screens/block/Block.vue'), props: true },
    { path: '/trail', component: () => import('./screens/trail/Trail.vue') },
    { path: '/gallery', component: () => import('./screens/gallery/Gallery.vue') },
    { path: '/:rest(.*)*', component: () => import('./screens/not-there/NotThere.vue') },
  ],
});
