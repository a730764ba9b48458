import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openTicket, pill, registerCall } from './acts.ts';
import { type Caller, callerWithDevice, type Desk, openDesk, personOf } from './desk.ts';
import { test as base, expect, signIn } from './fixtures.ts';

/** Specs that leave the store as it is share one for as long as their worker lives. */
export const test = base.extend<{ desk: Desk }, { sharedDesk: Desk }>({
  sharedDesk: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that a fixture needs from this pattern
    async ({}, use) => {
      const { desk, close } = await openDesk();
      await use(desk);
      await close();
    },
    { scope: 'worker' },
  ],
  desk: async ({ sharedDesk }, use) => use(sharedDesk),
});
export { expect };

/** The technician of the service desk with that index. */
export const technician = (index = 0) => personOf({ team: 'Mesa de Servicio' }, index);

/** A ticket of the spec's own, at the store: the only one with that subject. */
export async function ownTicket(page: Page, subject: string, caller: Caller = callerWithDevice()): Promise<void> {
  await registerCall(page, { caller, subject, description: 'Avisa que empezó esta mañana.' });
  await expect(pill(page)).toHaveText(/^Al día/u);
}

/** Signs in and stands on a ticket of its own that is at the store. */
export async function onOwnTicket(page: Page, subject: string, index = 0): Promise<void> {
  await signIn(page, technician(index).user);
  await ownTicket(page, subject);
  await openTicket(page, subject);
}

/** The notice of that kind, in the strip under the pill. */
export const notice = (page: Page, kind: string) =>
  page.getByRole('region', { name: 'Avisos de este equipo' }).locator(`[data-notice=${kind}]`);

/** A file of the only profile under a console's folder; the console must not be running. */
export async function profileFile(folder: string, name: 'cache.db' | 'outbox.db'): Promise<string> {
  const profiles = join(folder, 'data', 'console', 'profiles');
  const [only, ...others] = await readdir(profiles);
  if (only === undefined || others.length > 0) throw new Error('the console has not one profile');
  return join(profiles, only, name);
}
