// Who is here, what they may ever do, and the district they see, as the server says it. Nothing is decided here: what is not shown
// is refused there all the same.
import { reactive } from 'vue';
import { get, post, remember, request } from './api/client';
import type { Pack, Session } from './api/types';
import type { Spoken } from './words';

export const session = reactive({
  account: '',
  name: '',
  unit: '',
  roles: [] as string[],
  // Of an enterprise contact: its own enterprises.
  firms: [] as string[],
  operations: new Set<string>(),
  mark: '',
  district: '',
  needsSetUp: false,
  // Into it by an identity provider, as the server calls it.
  otherWay: undefined as Spoken | undefined,
  // What must be done at the door before anything else.
  due: '' as '' | 'password' | 'second_factor',
  pack: undefined as Pack | undefined,
  ready: false,
  may(operation: string): boolean {
    return this.operations.has(operation);
  },
});

async function take(data: Session): Promise<void> {
  remember(data.csrf_token);
  session.account = data.account;
  session.name = data.name;
  session.unit = data.unit;
  session.roles = data.roles;
  session.firms = data.firms;
  session.operations = new Set(data.operations);
  session.mark = data.mark;
  session.district = data.district;
  session.needsSetUp = data.needs_set_up;
  session.otherWay = data.other_way;
  session.due = data.password_due ? 'password' : data.second_factor_due ? 'second_factor' : '';
  session.pack = session.account && !session.due ? await get<Pack>('/api/pack') : undefined;
  session.ready = true;
}
export async function loadSession(): Promise<void> {
  await take(await get<Session>('/api/session'));
}
let first: Promise<void> | undefined;
// Asked once, by whoever needs it first; a failure is told by the frame, which asks again.
export const sessionOnce = (): Promise<void> => (first ??= loadSession().finally(() => (first = undefined)));
export async function signIn(account: string, password: string, code: string): Promise<void> {
  await take(await post<Session>('/api/session', { account, password, code: code || undefined }));
}
export async function signOut(): Promise<void> {
  await request('POST', '/api/session/end');
  await loadSession();
}
// Where a person who has not come in belongs; empty: in.
export function door(): string {
  if (session.needsSetUp) return '/set-up';
  return session.account && !session.due ? '' : '/sign-in';
}
