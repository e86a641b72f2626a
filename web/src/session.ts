// Who is here and what they may do, as the server says. Nothing is decided here: a button that is hidden is still refused there.
import { reactive } from 'vue';
import type { Router } from 'vue-router';
import { get, post, remember } from './api/client';
import type { Pack, Session } from './api/types';

export const session = reactive({
  account: '',
  name: '',
  unit: '',
  roles: [] as string[],
  operations: new Set<string>(),
  mark: '',
  version: '',
  today: '',
  needsSetUp: false,
  ready: false,
  pack: undefined as Pack | undefined,
  may(operation: string): boolean {
    return this.operations.has(operation);
  },
});

function take(data: Session): void {
  session.account = data.account;
  session.name = data.name;
  session.unit = data.unit;
  session.roles = data.roles;
  session.operations = new Set(data.operations);
  session.mark = data.mark;
  session.version = data.version;
  session.today = data.today;
  session.needsSetUp = data.needs_set_up === true;
  session.ready = true;
  remember(data.csrf_token);
}
export async function loadSession(): Promise<void> {
  take(await get<Session>('/api/session'));
  if (session.account) session.pack = await get<Pack>('/api/pack');
}
export async function signIn(account: string, password: string, code?: string): Promise<void> {
  take(await post<Session>('/api/session', { account, password, code: code || undefined }));
  session.pack = await get<Pack>('/api/pack');
}
export async function signOut(router: Router): Promise<void> {
  await post('/api/session/end');
  session.account = '';
  session.operations = new Set();
  session.pack = undefined;
  await router.push('/sign-in');
}
