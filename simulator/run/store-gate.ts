import type { Gate } from '../desk/memory-transaction.ts';
import { ProcessKilled, type StoreProcess } from '../store/store-process.ts';
import type { Chance } from '../time/chance.ts';
import type { Scheduler } from '../time/scheduler.ts';

/** Where a store process waits for its database, and where it dies. */
export function storeGate(
  store: StoreProcess,
  { scheduler, chance, slowMs }: { scheduler: Scheduler; chance: Chance; slowMs: number },
): Gate {
  const slow = ['lockChains', 'lockTickets', 'write', 'commit', 'committed', 'read'];
  return (step) => {
    const dies =
      (step === 'commit' && store.killAt === 'beforeCommit') ||
      (step === 'committed' && store.killAt === 'afterCommit');
    if (dies) {
      store.kill();
      throw new ProcessKilled();
    }
    if (slowMs === 0 || !slow.includes(step) || !chance.happens(0.3)) return undefined;
    return new Promise((resolve) => void scheduler.after(chance.below(slowMs), resolve));
  };
}
