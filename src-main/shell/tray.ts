/** The tray icon: says how many alerts wait even when the window is covered, and brings the desk back. */
import { join } from 'node:path';
import { app, Menu, nativeImage, Tray } from 'electron';
import { fillText, type ShellTexts } from '#shell/texts';

export type Attention = { count: number; critical: number };

export type DeskTray = {
  show(texts: ShellTexts, attention: Attention): void;
};

export function createTray(onShow: () => void): DeskTray {
  const icon = nativeImage.createFromPath(join(app.getAppPath(), 'resources', 'icons', 'tray.png'));
  const tray = new Tray(icon);
  tray.on('click', onShow);
  return {
    show(texts, { count, critical }) {
      tray.setToolTip(count === 0 ? texts.tray.quiet : fillText(texts.tray.waiting, { count, critical }));
      tray.setContextMenu(
        Menu.buildFromTemplate([{ label: texts.tray.show, click: onShow }, { type: 'separator' }, { label: texts.menu.quit, role: 'quit' }]),
      );
      app.setBadgeCount(count);
    },
  };
}
