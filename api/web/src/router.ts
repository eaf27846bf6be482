/** Addresses of the pages. Each page is fetched when it is first opened. */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'

/** Pages of the main menu, in its order. */
export const PAGES = ['overview', 'network', 'cards', 'cadres', 'scenarios'] as const
export type PageName = (typeof PAGES)[number]

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'overview', component: () => import('./pages/overview/OverviewPage.vue') },
  { path: '/network', name: 'network', component: () => import('./pages/network/NetworkPage.vue') },
  { path: '/cards/:id?', name: 'cards', component: () => import('./pages/cards/CardsPage.vue') },
  { path: '/cadres', name: 'cadres', component: () => import('./pages/cadres/CadresPage.vue') },
  {
    path: '/scenarios/:name?',
    name: 'scenarios',
    component: () => import('./pages/scenarios/ScenariosPage.vue'),
  },
  { path: '/:rest(.*)', name: 'nowhere', component: () => import('./pages/NowherePage.vue') },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})
