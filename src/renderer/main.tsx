import './zod-config.ts';
import './styles/app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { assert } from '../shared/assert.ts';
import { App } from './app.tsx';
import { connect } from './client/connect.ts';
import { NoHost } from './features/sign-in/no-host.tsx';
import { setUpLanguage } from './i18n/setup.ts';
import { TranslationProvider } from './i18n/use-translation.tsx';

const container = document.getElementById('root');
assert(container !== null, 'the page has no root');
const root = createRoot(container);
setUpLanguage();

try {
  const client = await connect();
  root.render(
    <StrictMode>
      <App client={client} />
    </StrictMode>,
  );
} catch {
  root.render(
    <TranslationProvider>
      <NoHost />
    </TranslationProvider>,
  );
}
