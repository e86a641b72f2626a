import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

// The code editor inside the decision table editor would write its styles into <style>, which the security policy refuses;
// it also knows how to adopt them as sheets, for shadow roots. Here it always does.
const adoptStyles: Plugin = {
  name: 'adopt-styles',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/style-mod\/src\/style-mod\.js$/.test(id)) return undefined;
    const adopted = code.replace('!root.head && root.adoptedStyleSheets', 'root.adoptedStyleSheets');
    if (adopted === code) this.error('style-mod has changed: see how it mounts its styles now');
    return adopted;
  },
};

// The licences of everything that is shipped, as their packages have them: /notices.txt.
const notices: Plugin = {
  name: 'notices',
  generateBundle() {
    const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
    const lock = JSON.parse(readFileSync(here('package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string; license?: string; dev?: boolean; optional?: boolean }>;
    };
    const source = Object.entries(lock.packages)
      .filter(([path, one]) => path && !one.dev && !one.optional && existsSync(here(path)))
      .map(([path, one]) => {
        const files = readdirSync(here(path)).filter((file) => /^(licen[sc]e|notice)/i.test(file));
        const texts = files.map((file) => readFileSync(here(`${path}/${file}`), 'utf8').trim());
        return [`${path.replace(/.*node_modules\//, '')} ${one.version}`, ...(texts.length ? texts : [one.license ?? ''])].join('\n\n');
      })
      .join(`\n\n${'='.repeat(80)}\n\n`);
    this.emitFile({ type: 'asset', fileName: 'notices.txt', source: `${source}\n` });
  },
};

// The oldest browsers we promise: the cores of 360, UOS and 奇安信 (Chromium 100) and Firefox ESR.
export default defineConfig({
  plugins: [vue(), adoptStyles, notices],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: ['chrome100', 'firefox102'],
    // Nothing is inlined into scripts or styles as data: the security policy allows own files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900, // the decision table editor, fetched when it is opened
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8020' } },
});
