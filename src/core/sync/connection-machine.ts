import type { Connection } from '../../protocol/console/rows.ts';

export type ConnectionState = Connection['state'];

/**
 * What may happen to a connection. `attempt`: a hello goes out · `fill`/`deltas`: the store answered it, and the cache needs a
 * fill or only deltas · `filled`: the last page is in · `caughtUp`: a pull said that there is no more · `lost`: any failure that
 * waiting may mend · `windowOver`: too long without contact, reading locks.
 */
export const connectionEvents = [
  'signIn',
  'signOut',
  'attempt',
  'fill',
  'deltas',
  'filled',
  'caughtUp',
  'lost',
  'expired',
  'revoked',
  'storeTooOld',
  'consoleTooOld',
  'certificate',
  'proxy',
  'windowOver',
] as const;
export type ConnectionEvent = (typeof connectionEvents)[number];

/** What follows from anywhere while an account is signed in; the rows below say where a state differs. */
const signedIn = {
  signIn: 'connecting',
  signOut: 'signedOut',
  attempt: 'connecting',
  fill: 'filling',
  deltas: 'catchingUp',
  lost: 'offline',
  expired: 'sessionExpired',
  revoked: 'deviceRevoked',
  storeTooOld: 'storeTooOld',
  consoleTooOld: 'consoleTooOld',
  certificate: 'certificateUntrusted',
  proxy: 'proxyAuthRequired',
} as const satisfies Partial<Record<ConnectionEvent, ConnectionState>>;

/** A state that keeps its name while attempts go on underneath, so that the pill does not blink; only an answer changes it. */
const keeps = <S extends ConnectionState>(state: S) => ({
  ...signedIn,
  attempt: state,
  filled: state,
  caughtUp: state,
  windowOver: state,
});

/** Total: a state or an event without a cell does not compile. */
export const connectionTable: Record<ConnectionState, Record<ConnectionEvent, ConnectionState>> = {
  signedOut: {
    signIn: 'connecting',
    signOut: 'signedOut',
    attempt: 'signedOut',
    fill: 'signedOut',
    deltas: 'signedOut',
    filled: 'signedOut',
    caughtUp: 'signedOut',
    lost: 'signedOut',
    expired: 'sessionExpired',
    revoked: 'signedOut',
    storeTooOld: 'signedOut',
    consoleTooOld: 'signedOut',
    certificate: 'signedOut',
    proxy: 'signedOut',
    windowOver: 'signedOut',
  },
  connecting: { ...signedIn, filled: 'connecting', caughtUp: 'connecting', windowOver: 'reauthLocked' },
  filling: { ...signedIn, filled: 'catchingUp', caughtUp: 'filling', windowOver: 'filling' },
  catchingUp: { ...signedIn, filled: 'catchingUp', caughtUp: 'online', windowOver: 'catchingUp' },
  online: { ...signedIn, deltas: 'online', filled: 'online', caughtUp: 'online', windowOver: 'online' },
  offline: { ...keeps('offline'), windowOver: 'reauthLocked' },
  sessionExpired: {
    ...keeps('sessionExpired'),
    /** Only a sign-in mends it: nothing that was still under way may hide it. */
    fill: 'sessionExpired',
    deltas: 'sessionExpired',
    lost: 'sessionExpired',
  },
  deviceRevoked: { ...keeps('deviceRevoked'), lost: 'deviceRevoked' },
  storeTooOld: { ...keeps('storeTooOld'), lost: 'offline' },
  consoleTooOld: { ...keeps('consoleTooOld'), lost: 'offline' },
  certificateUntrusted: { ...keeps('certificateUntrusted'), lost: 'offline' },
  proxyAuthRequired: { ...keeps('proxyAuthRequired'), lost: 'offline' },
  reauthLocked: { ...keeps('reauthLocked'), lost: 'reauthLocked', certificate: 'reauthLocked', proxy: 'reauthLocked' },
};

export const nextConnection = (state: ConnectionState, event: ConnectionEvent): ConnectionState =>
  connectionTable[state][event];
