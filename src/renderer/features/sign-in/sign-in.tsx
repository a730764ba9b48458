import type { ConsoleResult } from '../../../protocol/console/methods.ts';

export function SignIn({ status }: { readonly status: ConsoleResult<'session.get'> }) {
  return <main>{status.storeUrl}</main>;
}
