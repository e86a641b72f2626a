import '@fontsource-variable/noto-sans-sc';
import '@fontsource/noto-serif-sc/chinese-simplified-600.css';
import './styles/tokens.css';
import './styles/base.css';
import { createApp } from 'vue';
import App from './App.vue';
import { router } from './router';
import { language, speak } from './words';

speak(language.value);
createApp(App).use(router).mount('#app');
