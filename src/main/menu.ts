import type { MenuItemConstructorOptions } from 'electron';
import type { Texts } from './texts.ts';

interface MenuFacts {
  readonly texts: Texts;
  /** Version that waits to be installed. */
  readonly updateReady: string | null;
  onInstall(): void;
  onQuit(): void;
}

/** Copy, paste, zoom, quit; no reload and no developer tools. The console's own acts are in its page. */
export function menuTemplate(facts: MenuFacts): MenuItemConstructorOptions[] {
  const { texts } = facts;
  const install: MenuItemConstructorOptions[] =
    facts.updateReady === null
      ? []
      : [
          { id: 'install-update', label: texts.installUpdate(facts.updateReady), click: facts.onInstall },
          { type: 'separator' },
        ];
  return [
    {
      label: 'Chasqui',
      submenu: [...install, { id: 'quit', label: texts.quit, accelerator: 'CmdOrCtrl+Q', click: facts.onQuit }],
    },
    {
      label: texts.edit,
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: texts.view,
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
  ];
}
