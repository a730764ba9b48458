import { Counter, type Registry } from 'prom-client';

/** What one store process counts of files. Labels are codes of this program alone. */
export interface FileMetrics {
  /** An upload of which the store knew nothing before. */
  begun(): void;
  /** The content is whole, compared and held. */
  finished(): void;
  /** What a console asked of its upload was not done. */
  refused(code: string): void;
  /** Bytes that count: on the disk, and their row is in. */
  received(bytes: number): void;
  /** Collected: uploads given up, contents that nobody named, objects that no row names. */
  collected(of: {
    readonly uploads: number;
    readonly files: number;
    readonly objects: number;
    readonly bytes: number;
  }): void;
}

export function createFileMetrics(registry: Registry): FileMetrics {
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
  const begun = counter(
    'chasqui_file_uploads_begun_total',
    'Uploads begun: an upload that goes on later is not begun again.',
  );
  const finished = counter(
    'chasqui_file_uploads_finished_total',
    'Uploads whose content was whole, was compared with its SHA-256 and is held.',
  );
  const refused = new Counter({
    name: 'chasqui_file_uploads_refused_total',
    help: 'Requests of uploads that were answered with a failure, by its code.',
    labelNames: ['code'],
    registers: [registry],
  });
  const received = counter(
    'chasqui_file_received_bytes_total',
    'Bytes of uploads that are on the disk and count, sent twice or not.',
  );
  const collected = new Counter({
    name: 'chasqui_files_collected_total',
    help: 'Taken away by the collector: kind="upload" given up by its sender, "file" a content that no command named, "object" one that no row names.',
    labelNames: ['kind'],
    registers: [registry],
  });
  const collectedBytes = counter('chasqui_files_collected_bytes_total', 'Bytes of what the collector took away.');
  return {
    begun: () => begun.inc(),
    finished: () => finished.inc(),
    refused: (code) => refused.inc({ code }),
    received: (bytes) => received.inc(bytes),
    collected({ uploads, files, objects, bytes }) {
      collected.inc({ kind: 'upload' }, uploads);
      collected.inc({ kind: 'file' }, files);
      collected.inc({ kind: 'object' }, objects);
      collectedBytes.inc(bytes);
    },
  };
}
