/** The application menu. It is hidden until Alt is pressed (the screen belongs to the desk), but its shortcuts for editing and size work. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { ShellTexts } from '#shell/texts';

export function setApplicationMenu({ menu }: ShellTexts): void {
  const template: MenuItemConstructorOptions[] = [
    { label: menu.desk, submenu: [{ label: menu.quit, role: 'quit' }] },
    {
      label: menu.edit,
      submenu: [
        { label: menu.undo, role: 'undo' },
        { label: menu.redo, role: 'redo' },
        { type: 'separator' },
        { label: menu.cut, role: 'cut' },
        { label: menu.copy, role: 'copy' },
        { label: menu.paste, role: 'paste' },
        { label: menu.selectAll, role: 'selectAll' },
      ],
    },
    {
      label: menu.view,
      submenu: [
        { label: menu.reload, role: 'reload' },
        { type: 'separator' },
        { label: menu.zoomIn, role: 'zoomIn' },
        { label: menu.zoomOut, role: 'zoomOut' },
        { label: menu.zoomReset, role: 'resetZoom' },
        { label: menu.fullScreen, role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ label: menu.developerTools, role: 'toggleDevTools' } as const]),
      ],
    },
    { label: menu.window, submenu: [{ label: menu.minimize, role: 'minimize' }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
