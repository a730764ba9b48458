import { startEmbeddedPostgres } from '../../src/store/embedded/start.ts';

// Run as a process of its own: starts a cluster in the folder given, says its pid, and stays.
const postgres = await startEmbeddedPostgres({ folder: process.argv[2] ?? '', durable: true });
process.stdout.write(String(postgres.pid));
setInterval(() => undefined, 1_000);
