import type { ProfilesPort } from '../../src/core/ports/profiles.ts';
import { err, ok } from '../../src/shared/result.ts';

/** Faults of a product that these kills must find. Each stands between the core and its outbox. */
export const plants = [
  'writes-behind',
  'forgets-requests',
  'half-of-a-pair',
  'ends-by-itself',
  'does-not-open',
] as const;
export type Plant = (typeof plants)[number];

const BETWEEN_MS = 15;
/** So many commands are written before it happens. */
const WRITTEN = 25;

export function planted(profiles: ProfilesPort, plant: Plant | null): ProfilesPort {
  if (plant === null) return profiles;
  return {
    ...profiles,
    open(user) {
      const opened = profiles.open(user);
      if (!opened.ok) return opened;
      const { outbox } = opened.value;
      switch (plant) {
        case 'writes-behind': {
          // Says that it is saved, and saves a moment later.
          const held: Parameters<typeof outbox.append>[0][] = [];
          const flush = () => {
            for (const input of held.splice(0)) outbox.append(input);
          };
          const append: typeof outbox.append = (input) => {
            held.push(input);
            setTimeout(flush, 25);
            return ok(null);
          };
          const identity: typeof outbox.identity = () => held.at(-1)?.identity ?? outbox.identity();
          return ok({ ...opened.value, outbox: { ...outbox, append, identity } });
        }
        case 'forgets-requests':
          return ok({
            ...opened.value,
            outbox: { ...outbox, append: (input) => outbox.append({ ...input, request: null }) },
          });
        case 'ends-by-itself': {
          let written = 0;
          const append: typeof outbox.append = (input) => {
            written += input.commands.length;
            if (written > WRITTEN) process.exit(7);
            return outbox.append(input);
          };
          return ok({ ...opened.value, outbox: { ...outbox, append } });
        }
        case 'does-not-open':
          // An outbox that holds something cannot be opened any more.
          return (outbox.identity()?.lastN ?? 0) > WRITTEN ? err({ code: 'ioError' }) : opened;
        case 'half-of-a-pair': {
          // Two acts of one request in two writes.
          const append: typeof outbox.append = (input) => {
            const [first, ...rest] = input.commands;
            if (first === undefined || rest.length === 0) return outbox.append(input);
            const between = { ...input.identity, lastN: first.wire.n, lastHash: first.hash };
            const begun = outbox.append({ ...input, commands: [first], identity: between });
            // As long as a slow disk may take between the two: a kill has to fall there, on a fast one too.
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_MS);
            return begun.ok ? outbox.append({ ...input, commands: rest, request: null }) : begun;
          };
          return ok({ ...opened.value, outbox: { ...outbox, append } });
        }
      }
    },
  };
}
