import { z } from 'zod';

/** Milliseconds since 1970-01-01T00:00Z, whole. The only form of an instant in the domain, on the wire and in the cache. */
export type Instant = number;
export const instantSchema = z.int().min(-8.64e15).max(8.64e15);

/** UUID in lower case. Tickets and commands use version 7, made by the console; ids are never used as time. */
export const idSchema = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

export const ticketKinds = ['request', 'incident', 'problem'] as const;
export const ticketKindSchema = z.enum(ticketKinds);
export type TicketKind = z.infer<typeof ticketKindSchema>;

/** R26 and R28: what a request or an incident is about. A problem has none. */
export const subKindsByKind = {
  request: ['newApplication', 'maintenance', 'update', 'access', 'equipment', 'guidance', 'other'],
  incident: ['hardware', 'software', 'network', 'other'],
  problem: [],
} as const satisfies Record<TicketKind, readonly string[]>;
export const subKindSchema = z.enum([
  'newApplication',
  'maintenance',
  'update',
  'access',
  'equipment',
  'guidance',
  'hardware',
  'software',
  'network',
  'other',
]);
export type SubKind = z.infer<typeof subKindSchema>;

/** R9: e-mail, telephone, and whatever else technology brings. */
export const channels = ['email', 'phone', 'portal', 'inPerson', 'chat', 'monitoring', 'other'] as const;
export const channelSchema = z.enum(channels);
export type Channel = z.infer<typeof channelSchema>;

/** R12: how the ticket is attended. */
export const modes = ['phone', 'onsite', 'remote'] as const;
export const modeSchema = z.enum(modes);
export type Mode = z.infer<typeof modeSchema>;

export const levels = ['high', 'medium', 'low'] as const;
/** Impact or urgency. */
export const levelSchema = z.enum(levels);
export type Level = z.infer<typeof levelSchema>;

export const priorityLevels = ['critical', 'high', 'medium', 'low'] as const;
export const priorityLevelSchema = z.enum(priorityLevels);
export type PriorityLevel = z.infer<typeof priorityLevelSchema>;

export const statuses = ['new', 'assigned', 'inProgress', 'pending', 'resolved', 'closed', 'cancelled'] as const;
export const statusSchema = z.enum(statuses);
export type Status = z.infer<typeof statusSchema>;
export const openStatuses = ['new', 'assigned', 'inProgress', 'pending'] as const satisfies readonly Status[];
export const isOpen = (status: Status): boolean => (openStatuses as readonly Status[]).includes(status);

export const pendingReasons = ['user', 'vendor', 'parts', 'visit'] as const;
export const pendingReasonSchema = z.enum(pendingReasons);
export type PendingReason = z.infer<typeof pendingReasonSchema>;

/** R13: exactly three. */
export const tierSchema = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export type Tier = z.infer<typeof tierSchema>;

export const roles = ['technician', 'supervisor', 'administrator', 'auditor', 'service'] as const;
/** `service` is a program (import, intake), never a person. */
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const remoteTools = ['rustdesk', 'anydesk', 'teamviewer', 'rdp', 'vnc', 'ssh', 'meshcentral'] as const;
export const remoteToolSchema = z.enum(remoteTools);
export type RemoteTool = z.infer<typeof remoteToolSchema>;

export const remoteOutcomes = ['solved', 'partly', 'notSolved', 'notConnected'] as const;
export const remoteOutcomeSchema = z.enum(remoteOutcomes);
export type RemoteOutcome = z.infer<typeof remoteOutcomeSchema>;

/** R2: the least that the catalogue holds. A service of the directory belongs to one of these. */
export const serviceCategories = [
  'computerEquipment',
  'email',
  'officeSuite',
  'internet',
  'intranet',
  'internalSystems',
  'sharedFolders',
  'telephony',
  'other',
] as const;
export const serviceCategorySchema = z.enum(serviceCategories);
