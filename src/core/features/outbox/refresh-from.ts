import type { Ticket } from '../../../domain/ticket.ts';
import type { Json } from '../../ports/outbox.ts';

const isObject = (value: unknown): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isChange = (value: unknown): value is { from: Json; to: Json } =>
  isObject(value) && 'from' in value && 'to' in value && Object.keys(value).length === 2;

/**
 * The same content, written by somebody who has now seen the ticket as it is: every `from` of the payload becomes the
 * present value, every `to` and every text stays. Without it a re-applied edit would be parked again for its old `from`.
 */
export function refreshFrom(type: string, payload: unknown, ticket: Ticket): unknown {
  if (!isObject(payload)) return payload;
  if (type === 'reassign') return { ...payload, fromPersonId: ticket.assigneeId };
  if (type === 'changeStatus') return { ...payload, from: ticket.status };
  if (type === 'editFields' && isObject(payload['changes']))
    return { ...payload, changes: changesFrom(payload['changes'], ticket) };
  return changesFrom(payload, ticket);
}

function changesFrom(fields: { [key: string]: Json }, ticket: Ticket): { [key: string]: Json } {
  const now: Partial<Record<string, unknown>> = ticket;
  const refreshed = Object.entries(fields).map(([field, value]): [string, unknown] => [
    field,
    isChange(value) && field in ticket ? { from: now[field], to: value.to } : value,
  ]);
  // Values come from a ticket and from a stored payload, both JSON.
  return Object.fromEntries(refreshed) as { [key: string]: Json };
}
