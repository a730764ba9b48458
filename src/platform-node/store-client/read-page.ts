import type { StoreFailure } from '../../core/ports/store-client.ts';
import type { SnapshotRequest } from '../../protocol/sync/messages.ts';
import type { Result } from '../../shared/result.ts';
import { type PageTerms, type ReadPage, readSnapshot } from './snapshot.ts';
import { IDLE_MS, type Transport } from './transport.ts';

/** Asks for a page of a fill and reads it. */
export async function readPage(
  transport: Transport,
  accessToken: string,
  request: SnapshotRequest,
  terms?: PageTerms,
): Promise<Result<ReadPage, StoreFailure>> {
  const call = { method: 'POST' as const, path: '/sync/v1/snapshot', accessToken, body: request };
  const answer = await transport.send({ ...call, idleMs: IDLE_MS, signal: null });
  return answer.ok ? readSnapshot(answer.value, request, terms) : answer;
}
