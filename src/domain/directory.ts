import { z } from 'zod';
import { lineText } from './text.ts';
import { idSchema, remoteToolSchema, serviceCategorySchema, tierSchema } from './vocabulary.ts';

/** Rows of the desk-wide directory, as the store sends them and the cache holds them. Every row carries `version`. */
const row = { id: idSchema, version: z.int().min(1), active: z.boolean() };

export const siteSchema = z.object({
  ...row,
  code: lineText(40),
  name: lineText(200),
  /** Department (first-level region) of Peru. */
  region: lineText(80),
  headquarters: z.boolean(),
  /** R19: the site attends citizens in person. */
  citizenService: z.boolean(),
});
export const orgUnitSchema = z.object({
  ...row,
  name: lineText(200),
  acronym: lineText(40),
  siteId: idSchema.nullable(),
});
export const personSchema = z.object({
  ...row,
  name: lineText(200),
  email: lineText(320).nullable(),
  extension: lineText(40).nullable(),
  jobTitle: lineText(200).nullable(),
  orgUnitId: idSchema.nullable(),
  siteId: idSchema.nullable(),
  /** R19: alta dirección. */
  seniorManagement: z.boolean(),
  /** Has an account at the desk and may be given tickets. */
  agent: z.boolean(),
});
export const teamSchema = z.object({
  ...row,
  name: lineText(200),
  tier: tierSchema,
  /** Null: serves every site. */
  siteId: idSchema.nullable(),
  /** R18: the manufacturer or another external specialist. */
  external: z.boolean(),
  /** Where a ticket goes that nobody's team claims. Exactly one active team of a desk, of tier 1. */
  triage: z.boolean(),
});
/** Tier belongs to the membership through its team, never to the person. */
export const membershipSchema = z.object({ ...row, teamId: idSchema, personId: idSchema });
export const serviceSchema = z.object({
  ...row,
  code: lineText(40),
  nameEs: lineText(200),
  nameEn: lineText(200),
  category: serviceCategorySchema,
  /** R19: an outage of it stops attention to citizens. */
  citizenService: z.boolean(),
});
export const assetSchema = z.object({
  ...row,
  /** Código patrimonial. */
  tag: lineText(80),
  hostName: lineText(253).nullable(),
  ip: lineText(45).nullable(),
  model: lineText(200).nullable(),
  personId: idSchema.nullable(),
  siteId: idSchema.nullable(),
  /** Address of the device in each remote-support tool. */
  remoteIds: z.partialRecord(remoteToolSchema, lineText(253)),
});

export type Site = z.infer<typeof siteSchema>;
export type OrgUnit = z.infer<typeof orgUnitSchema>;
export type Person = z.infer<typeof personSchema>;
export type Team = z.infer<typeof teamSchema>;
export type Membership = z.infer<typeof membershipSchema>;
export type Service = z.infer<typeof serviceSchema>;
export type Asset = z.infer<typeof assetSchema>;

export const directorySchemas = {
  site: siteSchema,
  orgUnit: orgUnitSchema,
  person: personSchema,
  team: teamSchema,
  membership: membershipSchema,
  service: serviceSchema,
  asset: assetSchema,
} as const;
export type DirectoryEntity = keyof typeof directorySchemas;
export type DirectoryRows = { [E in DirectoryEntity]: z.infer<(typeof directorySchemas)[E]> };

/** What `decide` may ask about people and places. Synchronous: the caller has loaded what the command names. */
export interface DirectoryLookup {
  site(id: string): Site | null;
  orgUnit(id: string): OrgUnit | null;
  person(id: string): Person | null;
  team(id: string): Team | null;
  service(id: string): Service | null;
  asset(id: string): Asset | null;
  /** True when the person belongs to the team through an active membership. */
  isMember(personId: string, teamId: string): boolean;
  /** The triage team of the desk; null only where the directory is not there yet. */
  triageTeam(): Team | null;
}
