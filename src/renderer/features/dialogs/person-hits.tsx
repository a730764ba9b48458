import { Crown } from 'lucide-react';
import type { ConsoleResult } from '../../../protocol/console/methods.ts';
import { useQuery } from '../../client/use-query.ts';
import { Avatar } from '../../components/avatar.tsx';
import type { Hit } from '../../components/search-picker.tsx';
import { useDebounced } from '../../lib/use-debounced.ts';

export type PersonHit = ConsoleResult<'people.search'>['people'][number];
type AssetHit = ConsoleResult<'assets.search'>['assets'][number];

const PAUSE_MS = 90;
const LIMIT = 12;

/** People of the directory by name or extension, while typing. */
export function usePeople(text: string): { readonly people: readonly PersonHit[]; readonly searching: boolean } {
  const wanted = useDebounced(text.trim(), PAUSE_MS);
  const { data, loading, error } = useQuery(
    'people.search',
    wanted === '' ? null : { text: wanted, limit: LIMIT },
    ['directory'],
    { keep: true },
  );
  const blank = text.trim() === '';
  // A search that failed has not said that nobody is called so.
  const answered = !loading && error === null && wanted === text.trim();
  return { people: blank ? [] : (data?.people ?? []), searching: !blank && !answered };
}

/** Devices by tag, host name or address, while typing. */
export function useAssets(text: string): readonly AssetHit[] {
  const wanted = useDebounced(text.trim(), PAUSE_MS);
  const { data } = useQuery('assets.search', wanted === '' ? null : { text: wanted, limit: LIMIT }, ['directory'], {
    keep: true,
  });
  return text.trim() === '' ? [] : (data?.assets ?? []);
}

export const personHit = (person: PersonHit, extensionWords: (extension: string) => string): Hit => ({
  id: person.id,
  icon: <Avatar name={person.name} size={26} />,
  title: (
    <>
      {person.name}
      {person.seniorManagement && <Crown aria-hidden="true" className="-mt-0.5 ml-1 inline size-3.5 text-amber" />}
    </>
  ),
  detail: [
    person.jobTitle,
    person.orgUnitName,
    person.siteName === person.orgUnitName ? null : person.siteName,
    person.extension === null || person.extension === '' ? null : extensionWords(person.extension),
  ]
    .filter((part) => part !== null && part !== '')
    .join(' · '),
});

export const assetHit = (asset: AssetHit): Hit => ({
  id: asset.id,
  title: <span className="font-mono">{asset.hostName ?? asset.tag}</span>,
  detail: [asset.hostName === null ? null : asset.tag, asset.ip, asset.model]
    .filter((part) => part !== null && part !== '')
    .join(' · '),
});
