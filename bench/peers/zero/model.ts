import { requirePeer } from '../pouchdb/pouch.ts';

/** What the bench uses of Zero: its own types come only with the packages of the peers. */
interface Column {
  readonly column: unique symbol;
}
interface Table {
  columns(columns: Record<string, unknown>): { primaryKey(name: string): unknown };
}
export interface Note {
  readonly id: string;
  readonly ticketId: string;
  readonly text: string;
}
interface View {
  addListener(hear: (rows: readonly Note[], state: string) => void): void;
}
interface MutatorTx {
  readonly mutate: { readonly note: { insert(note: Note): Promise<void> } };
}
type Mutator = ((note: Note) => unknown) & { fn(call: { tx: unknown; args: unknown; ctx: unknown }): Promise<void> };
type Query = (() => unknown) & { fn(call: { args: unknown; ctx: unknown }): unknown };
export interface ZeroClient {
  mutate(request: unknown): { readonly client: Promise<unknown>; readonly server: Promise<unknown> };
  materialize(query: unknown): View;
  close(): Promise<void>;
}
interface ZeroModule {
  readonly Zero: new (options: object) => ZeroClient;
  table(name: string): Table;
  string(): Column;
  createSchema(options: { tables: readonly unknown[] }): unknown;
  createBuilder(schema: unknown): { readonly note: unknown };
  defineMutator(mutate: (call: { tx: MutatorTx; args: Note }) => Promise<void>): unknown;
  defineMutators(definitions: object): { readonly note: { readonly add: Mutator } };
  defineQuery(query: () => unknown): unknown;
  defineQueries(definitions: object): { readonly notes: Query };
  mustGetMutator(registry: unknown, name: string): Mutator;
  mustGetQuery(registry: unknown, name: string): Query;
}

/** Resolves an entry of the package from the folder of the peers. */
export const importPeer = (name: string): Promise<unknown> => import(requirePeer.resolve(name));

export async function loadModel() {
  const zero = (await importPeer('@rocicorp/zero')) as ZeroModule;
  const note = zero
    .table('note')
    .columns({ id: zero.string(), ticketId: zero.string(), text: zero.string() })
    .primaryKey('id');
  const schema = zero.createSchema({ tables: [note] });
  const zql = zero.createBuilder(schema);
  const mutators = zero.defineMutators({
    note: { add: zero.defineMutator(({ tx, args }) => tx.mutate.note.insert(args)) },
  });
  const queries = zero.defineQueries({ notes: zero.defineQuery(() => zql.note) });
  return { zero, schema, mutators, queries };
}
