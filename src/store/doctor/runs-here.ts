import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a server says of itself to the connection that asks. */
export interface RunningServer {
  /** Its data folder, on its machine. */
  readonly folder: string;
  /** Address that the connection came in at; null over a socket. */
  readonly address: string | null;
  readonly port: string;
  /** Seconds since 1970. */
  readonly startedAt: number;
  /** Process that serves the connection, on its machine, and the client's port as that process knows it; null over a socket. */
  readonly pid: number;
  readonly clientPort: number | null;
}
/** One row of `RunningServer`. */
export const WHERE_IT_RUNS = `select current_setting('data_directory') as folder, host(inet_server_addr()) as address,
  current_setting('port') as port, extract(epoch from pg_postmaster_start_time())::bigint as "startedAt",
  pg_backend_pid() as pid, inet_client_port() as "clientPort"`;

/** Between the server's clock as it started and what its file says of that. */
const START_SECONDS = 5;

/**
 * Whether the server runs on this machine: its folder may have a namesake here, and a loopback address be the far end of a tunnel. So its
 * own file must say so, or, where only its account may read that, the process of the connection be one of this machine's.
 */
export async function runsHere(server: RunningServer): Promise<boolean> {
  const { address } = server;
  if (address !== null && address !== '::1' && !address.startsWith('127.')) return false;
  return (await hasItsFile(server)) || (await hasItsProcess(server));
}

/** `postmaster.pid`: folder, start and port in lines two to four. */
async function hasItsFile({ folder, startedAt, port }: RunningServer): Promise<boolean> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const [, itsFolder, itsStart, itsPort] = text.split('\n').map((line) => line.trim());
  return itsFolder === folder && itsPort === port && Math.abs(Number(itsStart) - startedAt) <= START_SECONDS;
}

/** Linux shows everybody the title that the process gives itself, with the client's port in it. */
async function hasItsProcess({ pid, clientPort }: RunningServer): Promise<boolean> {
  const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return title.startsWith('postgres:') && title.includes(clientPort === null ? '[local]' : `(${clientPort})`);
}
