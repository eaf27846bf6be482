import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './looks/tokens.css'
import './looks/element.css'
import './looks/page.css'
import App from './App.vue'
import { router } from './router'

createApp(App).use(createPinia()).use(router).use(VueQueryPlugin).mount('#view')
