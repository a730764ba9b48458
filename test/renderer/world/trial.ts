import type { Tier } from '../../../src/domain/vocabulary.ts';
import type { TrialAccount } from '../../../src/protocol/sync/auth.ts';
import { agents, names } from './directory.ts';

export const trialAccounts = (): TrialAccount[] =>
  [0, 1, 2, 3, 5].map((n) => ({
    user: agents[n]?.email ?? '',
    password: 'demo',
    role: n === 1 ? 'supervisor' : 'technician',
    tier: ([1, 1, 2, 3, 1, 1] as Tier[])[n] ?? null,
    site: names[agents[n]?.siteId ?? ''] ?? '',
    name: agents[n]?.name ?? '',
  }));
