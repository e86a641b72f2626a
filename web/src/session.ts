// The district that is shown, as the server says it.
import { reactive } from 'vue';
import { get } from './api/client';
import type { Pack } from './api/types';

export const session = reactive({
  pack: undefined as Pack | undefined,
  ready: false,
});

export async function loadSession(): Promise<void> {
  session.pack = await get<Pack>('/api/pack');
  session.ready = true;
}
