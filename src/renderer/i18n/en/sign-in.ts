import type { signIn as es } from '../es/sign-in.ts';
import type { Words } from '../language.ts';

export const signIn: Words<typeof es> = {
  title: 'Sign in to the service desk',
  user: 'User',
  password: 'Password',
  submit: 'Sign in',
  submitting: 'Signing in…',
  profiles: 'On this computer',
  pendingOne: '{{name}}: 1 to send',
  pending: '{{name}}: {{n}} to send',
  drained: '{{name}}: nothing to send',
  profilesHint: 'What each person has pending goes out even when they are not signed in.',
  trial: 'Trial accounts',
  trialHint: 'This is a trial server: choose an account and sign in with one click.',
  findAccount: 'Find by name, user, site or role',
  store: 'Server: {{url}}',
  offline: 'No link to the server. Whoever has signed in on this computer before can go on working.',
  diskNote: 'The data on this computer are not encrypted: use disk encryption.',
  needsPassword: 'Type your password to go on as {{name}}.',
  mustChange: 'Change your password before you go on.',
};
