import type { ReportLogLine, SupportFiles, SupportStates } from '../../../src/protocol/console/support-methods.ts';

/** What a console that is well tells support. */
export const drawnStates = (online: boolean, at: number): SupportStates => ({
  at,
  versions: { protocol: 3, schema: 3, contract: 3 },
  store: 'https://mesa.example.org',
  profiles: [
    {
      profile: 'a41c',
      active: true,
      sync: {
        ok: true,
        connection: {
          state: online ? 'online' : 'offline',
          since: at - 1_560_000,
          lastContactAt: at - 4_000,
          nextAttemptAt: null,
          pendingActs: 0,
          refusedActs: 0,
          uploads: { waiting: 0, bytes: 0 },
          fill: null,
          clockSkewMs: null,
          trouble: null,
        },
        notices: [],
        sessionAlive: true,
        handingIn: false,
        locked: false,
      },
      outbox: {
        ok: true,
        unanswered: 0,
        owed: 0,
        refused: 0,
        parked: 0,
        setAside: 0,
        unreadable: 0,
        drafts: 2,
        lastN: 184,
      },
      base: { ok: true, epoch: '019ae3f0-3c11-7a52-9c1e', cursor: 18_220, schema: 3, caughtUp: true, fill: null },
    },
  ],
  farewells: 0,
});

const linesOf = (component: string): ReportLogLine[] => [
  { time: '2026-11-23T09:31:07.412Z', level: 'info', component, event: 'started' },
  { time: '2026-11-23T09:31:08.020Z', level: 'info', component, event: 'pokeWay', way: 'stream' },
];

export const drawnFiles = (at: number): SupportFiles => ({
  at,
  platform: {
    os: 'win32',
    release: '10.0.26100',
    arch: 'x64',
    node: 'v24.21.0',
    sqlite: '3.53.1',
    processors: 4,
    memoryBytes: 8_346_000_000,
    freeMemoryBytes: 2_110_000_000,
    timeZone: 'America/Lima',
  },
  process: { uptimeMs: 26_640_000, memoryBytes: 214_000_000, loopDelay: { p50: 20.1, p99: 22.4, max: 61.2 } },
  disk: { ok: true, freeBytes: 81_300_000_000, totalBytes: 254_000_000_000 },
  profiles: [
    {
      profile: 'a41c',
      files: [
        { name: 'cache.db', files: 1, bytes: 88_100_864, changedAt: at - 3_000 },
        { name: 'outbox.db', files: 1, bytes: 1_204_224, changedAt: at - 60_000 },
      ],
      outbox: {
        ok: true,
        migration: 3,
        rows: { commands: 184, drafts: 2, 'commands:applied': 181, 'commands:merged': 3 },
        sound: true,
        ms: 4.1,
      },
      cache: { ok: true, migration: 2, rows: { tickets: 4_120, entries: 31_042 }, sound: null, ms: 11.8 },
    },
  ],
  logs: ['host', 'engine', 'reader'].map((component) => ({
    component,
    bytes: 1_900,
    leftOut: 0,
    lines: linesOf(component),
  })),
});
