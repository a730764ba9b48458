import '../../../src/renderer/zod-config.ts';
import '../../../src/renderer/styles/app.css';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import type { Connection } from '../../../src/protocol/console/rows.ts';
import { App } from '../../../src/renderer/app.tsx';
import { setUpLanguage } from '../../../src/renderer/i18n/setup.ts';
import { createFakeConsole } from '../world/fake-console.ts';

// Scenario of a drawn console from the address: ?connection=offline&outbox=1&theme=dark&role=supervisor&many=5000
const asked = new URLSearchParams(location.search);
const one = <T extends string>(name: string, values: readonly [T, ...T[]]): T =>
  z.enum(values).catch(values[0]).parse(asked.get(name)) as T;

setUpLanguage();
const client = createFakeConsole({
  signedIn: asked.get('signedOut') === null,
  connection: (asked.get('connection') ?? 'online') as Connection['state'],
  role: one('role', ['technician', 'supervisor', 'auditor']),
  person: Number(asked.get('person') ?? 0),
  theme: one('theme', ['light', 'dark', 'system']),
  language: one('language', ['es', 'en']),
  density: one('density', ['comfortable', 'compact']),
  many: Number(asked.get('many') ?? 0),
  withOutbox: asked.get('outbox') !== null,
  empty: asked.get('empty') !== null,
  notices: (asked.get('notices') ?? '').split(','),
  clockSkewMs: asked.get('skew') === null ? null : Number(asked.get('skew')),
  trouble: asked.get('trouble') as Connection['trouble'],
  farewell: one('farewell', ['none', 'told', 'untold']),
  filled: asked.get('filled') === null ? null : Number(asked.get('filled')),
});
const container = document.getElementById('root');
if (container !== null) createRoot(container).render(<App client={client} />);
