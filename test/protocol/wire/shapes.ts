import { createHash } from 'node:crypto';
import { z } from 'zod';
import { COMMAND_VERSION, commandSchemas } from '../../../src/domain/commands.ts';
import { directorySchemas } from '../../../src/domain/directory.ts';
import { timelineEntrySchema } from '../../../src/domain/events.ts';
import { ticketSchema } from '../../../src/domain/ticket.ts';
import * as consoleFrames from '../../../src/protocol/console/client.ts';
import { consoleMethods } from '../../../src/protocol/console/methods.ts';
import * as auth from '../../../src/protocol/sync/auth.ts';
import * as blobs from '../../../src/protocol/sync/blobs.ts';
import * as command from '../../../src/protocol/sync/command.ts';
import * as messages from '../../../src/protocol/sync/messages.ts';
import { CONSOLE_CONTRACT_VERSION, PROTOCOL_VERSION, SCHEMA_VERSION } from '../../../src/protocol/versions.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Shapes that travel under one version number: name of each → digest of its schema. */
export interface WireGroup {
  readonly name: 'rows' | 'commands' | 'sync' | 'console';
  readonly version: number;
  /** The constant to raise, and where it is. */
  readonly constant: string;
  /** What it means for the other side that the number is another. */
  readonly meaning: string;
  readonly shapes: { readonly [name: string]: string };
}

/** A schema as data: what a sender must write, keys in order of the alphabet. What is only a refinement in code is not in it. */
function asData(schema: z.ZodType): Json {
  const text = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' });
  return sorted(JSON.parse(JSON.stringify(text)));
}
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value).filter((key) => key !== '$schema');
  return Object.fromEntries(
    keys.sort().map((key) => {
      const item = sorted(value[key] ?? null);
      // Which fields must be there has no order either.
      return [key, key === 'required' && Array.isArray(item) ? item.toSorted() : item];
    }),
  );
}

/** Parts that travel under a version of their own are named in the shapes of others, not repeated. */
function withNames(value: Json, names: ReadonlyMap<string, string>): Json {
  if (value === null || typeof value !== 'object') return value;
  const name = names.get(JSON.stringify(value));
  if (name !== undefined) return name;
  if (Array.isArray(value)) return value.map((item) => withNames(item, names));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNames(item, names)]));
}

const schemasOf = (module: object): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(module).filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType),
  );

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** Digest of a schema's shape. */
export function shapeOf(schema: z.ZodType, names = NO_NAMES): string {
  return createHash('sha256')
    .update(JSON.stringify(withNames(asData(schema), names)))
    .digest('hex')
    .slice(0, 16);
}

function digests(schemas: { readonly [name: string]: z.ZodType }, names = NO_NAMES): Record<string, string> {
  const found = Object.entries(schemas).map(([name, schema]): [string, string] => [name, shapeOf(schema, names)]);
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const rows: Record<string, z.ZodType> = { ticket: ticketSchema, entry: timelineEntrySchema, ...directorySchemas };
const rowNames = new Map(Object.entries(rows).map(([name, schema]) => [JSON.stringify(asData(schema)), `row ${name}`]));

const sync = { ...schemasOf(messages), ...schemasOf(command), ...schemasOf(auth), ...schemasOf(blobs) };
const methods = Object.fromEntries(
  Object.entries(consoleMethods).flatMap(([name, { params, result }]): [string, z.ZodType][] => [
    [`${name} params`, params],
    [`${name} result`, result],
  ]),
);

/** Everything that two programs of different ages may have to agree on. */
export const wireGroups = (): WireGroup[] => [
  {
    name: 'rows',
    version: SCHEMA_VERSION,
    constant: 'SCHEMA_VERSION in src/protocol/versions.ts',
    meaning: 'consoles with rows of another form fill their cache anew',
    shapes: digests(rows),
  },
  {
    name: 'commands',
    version: COMMAND_VERSION,
    constant: 'COMMAND_VERSION in src/domain/commands.ts, and `since` there for a type that is new',
    meaning: 'a store that is older holds the command until it is as new',
    shapes: digests(commandSchemas),
  },
  {
    name: 'sync',
    version: PROTOCOL_VERSION,
    constant: 'PROTOCOL_VERSION in src/protocol/versions.ts',
    meaning: 'each side says its number in the hello, and the newer one speaks the older one’s form',
    shapes: digests(sync, rowNames),
  },
  {
    name: 'console',
    version: CONSOLE_CONTRACT_VERSION,
    constant: 'CONSOLE_CONTRACT_VERSION in src/protocol/versions.ts',
    meaning: 'a page of another version is loaded again',
    shapes: digests({ ...methods, ...schemasOf(consoleFrames) }, rowNames),
  },
];
