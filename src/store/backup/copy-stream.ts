import { Readable, Writable } from 'node:stream';
import type { Client, Connection, Submittable } from 'pg';

/**
 * COPY over the connection of a client. The client calls these on the query that runs, as it does on its own queries; its types
 * name only `submit`.
 */
interface CopyQuery extends Submittable {
  handleCopyData(message: { chunk: Buffer }): void;
  handleCopyInResponse(connection: Connection): void;
  handleRowDescription(): void;
  handleCommandComplete(message: { text: string }): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
}
const nothing = () => undefined;

/** `COPY … TO STDOUT`: one chunk a row, in the text form. Ends when the server has said that all is sent. */
export function copyOut(client: Client, text: string): Readable {
  let connection: Connection | null = null;
  const rows = new Readable({ objectMode: true, highWaterMark: 2_000, read: () => connection?.stream.resume() });
  const query: CopyQuery = {
    submit(own) {
      connection = own;
      own.query(text);
    },
    handleCopyData({ chunk }) {
      // The parser goes on in the same memory.
      if (!rows.push(Buffer.from(chunk))) connection?.stream.pause();
    },
    handleCopyInResponse: nothing,
    handleRowDescription: nothing,
    handleCommandComplete: nothing,
    handleReadyForQuery: () => {
      // Whoever asks next must be heard, however full this stream still is.
      connection?.stream.resume();
      if (!rows.destroyed) rows.push(null);
    },
    handleError: (error) => {
      connection?.stream.resume();
      rows.destroy(error);
    },
  };
  client.query(query);
  return rows;
}

const COPY_DATA = 0x64;
const copyDone = Buffer.from([0x63, 0, 0, 0, 4]);

function frameOf(chunk: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(chunk.length + 5);
  frame.writeUInt8(COPY_DATA, 0);
  frame.writeUInt32BE(chunk.length + 4, 1);
  chunk.copy(frame, 5);
  return frame;
}

export interface CopyIn {
  readonly sink: Writable;
  /** Rows that the server took, once the sink has finished. */
  rows(): number;
}

/** `COPY … FROM STDIN` in the text form; chunks need not end with a row. The sink finishes when the server has taken all. */
export function copyIn(client: Client, text: string): CopyIn {
  let connection: Connection | null = null;
  let ready: () => void = nothing;
  const open = new Promise<void>((resolve) => {
    ready = resolve;
  });
  let ended: (error?: Error) => void = nothing;
  let failure: Error | null = null;
  let taken = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      void open.then(() => {
        if (failure !== null || connection === null) done(failure);
        else if (connection.stream.write(frameOf(chunk))) done();
        else connection.stream.once('drain', () => done());
      });
    },
    final(done) {
      void open.then(() => {
        ended = done;
        if (failure !== null) done(failure);
        else connection?.stream.write(copyDone);
      });
    },
  });
  const query: CopyQuery = {
    submit(own) {
      connection = own;
      own.query(text);
    },
    handleCopyData: nothing,
    handleCopyInResponse: () => ready(),
    handleRowDescription: nothing,
    handleCommandComplete: ({ text: tag }) => {
      taken = Number(/^COPY (\d+)$/.exec(tag)?.[1] ?? 0);
    },
    handleReadyForQuery: () => ended(),
    handleError: (error) => {
      failure = error;
      ready();
      sink.destroy(error);
    },
  };
  client.query(query);
  return { sink, rows: () => taken };
}
