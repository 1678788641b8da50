/** The smallest Electron app: one sandboxed window on the page that the bench built, named by the environment. */
import { app, BrowserWindow } from 'electron';

app.on('window-all-closed', () => app.quit());
// Not awaited at the top level: Electron holds back 'ready' until the module has been evaluated.
void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1500,
    height: 950,
    webPreferences: { sandbox: true, contextIsolation: true, backgroundThrottling: false },
  });
  return window.loadFile(process.env.FLOORWATCH_BENCH_PAGE);
});
