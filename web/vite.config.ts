import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

// The oldest browsers we promise: the cores of 360, UOS and 奇安信 (Chromium 100) and Firefox ESR.
export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: ['chrome100', 'firefox102'],
    // Nothing is inlined into scripts or styles as data: the security policy allows own files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8020' } },
});
