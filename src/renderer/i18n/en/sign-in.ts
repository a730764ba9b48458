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
  unopened: {
    title: 'What {{user}} has saved here could not be opened',
    diskFull:
      'The disk of this computer is full. Make room and try again: what was saved is still there, and what is pending goes out once it is open.',
    readOnly:
      'The data folder is read-only. Have the permission put back and try again: what was saved is still there, and what is pending goes out once it is open.',
    ioError: 'The disk failed while reading. Try again; if it goes on, delete nothing and send support the report.',
    retry: 'Try again',
    retrying: 'Opening…',
    still: 'It still cannot be opened.',
  },
  mustChange: 'Change your password before you go on.',
};
