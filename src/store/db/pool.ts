import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { expectFirstAnswer } from './first-answer.ts';
import { GatheringSocket } from './gathering-socket.ts';

export interface Database {
  readonly pool: pg.Pool;
  /** Typed queries over the same connections; hot paths use the pool with SQL of their own. */
  readonly orm: NodePgDatabase;
  close(): Promise<void>;
}
export interface DatabaseOptions {
  readonly url: string;
  readonly maxConnections: number;
  /** A connection that broke while idle: the pool replaces it, the log should say so. */
  onIdleError(error: Error): void;
  /** A new connection on which the server has not said a word by then is given up. */
  readonly firstAnswerMs?: number;
}
/** Before the pool's own deadline, whose error has no code. */
const FIRST_ANSWER_MS = 8_000;

/** 64-bit counts and instants of this schema all stay far below 2^53. */
const INT8 = 20;
export const numericTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
};

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    // Statements of one connection go out as they are asked for, without waiting for the answer of the one before; the server
    // runs them one after another as ever. So what is asked for together costs one round trip.
    pipeline: true,
    stream: () => expectFirstAnswer(new GatheringSocket(), options.firstAnswerMs ?? FIRST_ANSWER_MS),
    connectionString: options.url,
    max: options.maxConnections,
    application_name: 'chasqui-store',
    connectionTimeoutMillis: 10_000,
    types: numericTypes,
  });
  // The pool listens to idle connections only. One that breaks between two statements of a transaction would end the process by an event that
  // nobody hears; whoever has it learns of it by the next statement, which rejects.
  pool.on('connect', (client) => client.on('error', () => undefined));
  let closing: Promise<void> | null = null;
  // Without a listener the error of an idle connection would end the process. While closing, the server may be faster.
  pool.on('error', (error) => {
    if (closing === null) options.onIdleError(error);
  });
  return {
    pool,
    orm: drizzle(pool),
    close: () => {
      closing ??= pool.end();
      return closing;
    },
  };
}
