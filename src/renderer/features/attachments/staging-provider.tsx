import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { assert } from '../../../shared/assert.ts';
import { useConsole } from '../../client/console-provider.tsx';
import { newRequestId } from '../../client/use-act.ts';
import { createStaging, type Staging } from './staging.ts';
import { makeThumbnail } from './thumbnail.ts';

const Context = createContext<Staging | null>(null);

/** Stands below the session and above every screen: going to another ticket stops no file that is being read. */
export function StagingProvider({ children }: { readonly children: ReactNode }) {
  const { client } = useConsole();
  const [staging, setStaging] = useState<Staging | null>(null);
  useEffect(() => {
    const made = createStaging({
      client,
      thumbnailOf: makeThumbnail,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      newKey: newRequestId,
    });
    setStaging(made);
    return () => made.close();
  }, [client]);
  // What is dropped beside every place that takes files would open in the window's stead.
  useEffect(() => {
    const stay = (event: DragEvent) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none';
    };
    window.addEventListener('dragover', stay);
    window.addEventListener('drop', stay);
    return () => {
      window.removeEventListener('dragover', stay);
      window.removeEventListener('drop', stay);
    };
  }, []);
  return staging === null ? null : <Context value={staging}>{children}</Context>;
}

export function useStaging(): Staging {
  const staging = useContext(Context);
  assert(staging !== null, 'files are taken outside StagingProvider');
  return staging;
}
