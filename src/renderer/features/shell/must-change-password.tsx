import { useEffect } from 'react';
import { useSession } from '../../client/use-session.ts';
import { viewActs } from '../../state/view-store.ts';

/** An account that came with a given password is asked for its own at once. */
export function MustChangePassword() {
  const { mustChangePassword } = useSession();
  useEffect(() => {
    if (mustChangePassword) viewActs.open('password');
  }, [mustChangePassword]);
  return null;
}
