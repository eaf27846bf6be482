import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import ElementPlus from 'unplugin-element-plus/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'
import { compressed } from './compressed.ts'

/** Where `vite` finds the service while the view is being written. */
const service = process.env['JIEDUI_SERVICE'] ?? 'http://127.0.0.1:8470'
const asked = ['/api', '/healthz', '/readyz', '/version', '/openapi.json']

export default defineConfig({
  plugins: [
    vue(),
    // Components of Element Plus by name, each with its own style, so that nothing unused is sent; ours are imported where they stand.
    Components({ dirs: [], dts: false, resolvers: [ElementPlusResolver()] }),
    ElementPlus({}),
    compressed(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  build: {
    outDir: '../view',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
  server: { proxy: Object.fromEntries(asked.map((path) => [path, service])) },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    restoreMocks: true,
    server: { deps: { inline: ['element-plus', 'vue-echarts'] } },
  },
})
