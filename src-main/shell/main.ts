/** The shell's start, in order: what must be set before Electron is ready, then guards, then processes, then the window. */
import { join } from 'node:path';
import { app, clipboard, MessageChannelMain, nativeTheme, safeStorage, session, type WebContents } from 'electron';
import { CHANNELS } from '#shared/contract/channels';
import type { EngineOptions, EngineReport } from '#shared/contract/shell';
import type { DrillResult } from '#shared/desk/drills/result';
import { createDrillDesk } from '#shell/drill-desk';
import { createLifecycle } from '#shell/lifecycle';
import { openLog } from '#shell/log';
import { setApplicationMenu } from '#shell/menus';
import { notifyOfAlert, notifyOfLock } from '#shell/notifications';
import { watchPower } from '#shell/power';
import { DemoProcess } from '#shell/processes/demo-process';
import { EngineProcess } from '#shell/processes/engine-process';
import { createRealAlertWatch } from '#shell/real-alert-watch';
import { registerPageScheme, servePages } from '#shell/security/app-protocol';
import { denyDownloads } from '#shell/security/downloads';
import { blockNetwork } from '#shell/security/insecure-content';
import { readKeptKey } from '#shell/security/key-keeping';
import { guardNavigation } from '#shell/security/navigation';
import { denyPermissions } from '#shell/security/permissions';
import { enableSandbox } from '#shell/security/sandbox';
import { onPageMessage } from '#shell/security/sender';
import { guardNewWindows } from '#shell/security/window-open';
import { readStartSettings } from '#shell/settings-of-start';
import { type Language, textsFor } from '#shell/texts';
import { type Attention, createTray, type DeskTray } from '#shell/tray';
import { createDeskWindows } from '#shell/windows';
import { askAuthenticator } from '#shell/windows/authenticator-window';

/** A page may copy a table; it may not fill the machine's memory through the clipboard. */
const MAX_CLIPBOARD_CHARACTERS = 10_000_000;
/** The page takes one frame at a time and says when it has drawn it; this is only the fastest pace the engine may offer. */
const FRAME_PACE_MS = 100;

const settings = readStartSettings();
// Chromium's own files lie beside the desk's, never among them; the single-instance lock belongs to this folder.
app.setPath('userData', join(settings.dataDir, 'profile'));

if (app.requestSingleInstanceLock()) start();
else app.exit(0);

function start(): void {
  const log = openLog(settings.dataDir, !app.isPackaged);
  const say = (message: string): void => log.write('shell', message);
  const sayRefused =
    (what: string) =>
    (detail: string): void =>
      say(`refused ${what}: ${detail.slice(0, 300)}`);
  process.on('uncaughtException', (error) => say(`a fault in the shell: ${error.stack ?? String(error)}`));
  process.on('unhandledRejection', (error) => say(`a fault in the shell: ${error instanceof Error ? error.stack : String(error)}`));

  enableSandbox(say);
  registerPageScheme();
  app.on('web-contents-created', (_event, contents) => {
    guardNavigation(contents, sayRefused('navigation'));
    guardNewWindows(contents, sayRefused('a new window'));
  });

  const lifecycle = createLifecycle(say);
  const windows = createDeskWindows(settings.dataDir, say);
  const demo = new DemoProcess(join(import.meta.dirname, 'demo.js'), (text) => log.write('demo', text));
  const ownsDemo = settings.demoUrl === null && settings.startsDemo;
  let demoUrl: Promise<string | null> = Promise.resolve(settings.demoUrl);
  /** The machine's language, once it can be asked, until the engine reports what the desk is set to. */
  let language: Language = 'en';
  /** As the live desk is set; undefined until it has said so. */
  let looks: EngineOptions['looks'];
  let attention: Attention = { count: 0, critical: 0 };
  let tray: DeskTray | null = null;
  /** Told again to a live engine that was away when they came. */
  let drillResults: DrillResult[] = [];

  /** By folder: the drill desk's key is not the live one's. */
  const keychainKeys = new Map<string, string>();
  /** What the live engine gave to be kept while this program runs, where only people's secrets open its key. */
  let memoryKey: string | null = null;
  /** Once it was read it is remembered: an engine that ends at night is started again without asking anybody. */
  async function keptKey(dataDir: string): Promise<{ keychainKey?: string }> {
    let keychainKey = keychainKeys.get(dataDir) ?? null;
    if (keychainKey === null) {
      const kept = await readKeptKey(safeStorage, dataDir, process.platform);
      keychainKey = kept.key;
      if (keychainKey !== null) keychainKeys.set(dataDir, keychainKey);
      if (kept.reason !== null) say(`the data key is not kept by the system (${kept.reason}); this disk is not protected`);
    }
    return keychainKey === null ? {} : { keychainKey };
  }

  const engineOptions = async (dataDir: string) => ({
    isPackaged: app.isPackaged,
    sqliteModulePath: settings.sqliteModulePath,
    person: settings.person,
    ...(await keptKey(dataDir)),
    framePaceMs: FRAME_PACE_MS,
  });
  const drillDesk = createDrillDesk({
    dataDir: settings.dataDir,
    programFolder: import.meta.dirname,
    // It looks as the live desk does until somebody changes it there.
    options: async (dataDir) => ({ ...(await engineOptions(dataDir)), looks }),
    session: () => session.fromPartition('persist:drill'),
    onResults: (results) => {
      drillResults = results;
      engine.tellDrillResults(results);
    },
    log: (text) => log.write('drill', text),
  });
  const realAlerts = createRealAlertWatch(settings.demoUrl !== null || settings.startsDemo);

  const engine = new EngineProcess(
    join(import.meta.dirname, 'engine.js'),
    async () => ({
      ...(await engineOptions(settings.dataDir)),
      ...(memoryKey === null ? {} : { memoryKey }),
      dataDir: settings.dataDir,
      demoUrl: await demoUrl,
      mode: 'live',
    }),
    {
      onState: (state) => windows.sendToAll(CHANNELS.engineState, state),
      onReport,
      askAuthenticator: (order) =>
        askAuthenticator(order, { texts: () => textsFor(language), isDark: () => nativeTheme.shouldUseDarkColors, log: say }),
      log: say,
      onOutput: (text) => log.write('engine', text),
    },
  );
  /** Pages that listen: each gets a new port whenever the engine is ready anew. */
  const listening = new Set<WebContents>();

  function handOverPort(contents: WebContents): void {
    if (!engine.isReady || contents.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    engine.attachPort(contents.id, port1);
    contents.postMessage(CHANNELS.port, null, [port2]);
  }

  function onReport(report: EngineReport): void {
    if (report.type === 'ready' || report.type === 'keyLocked') for (const contents of listening) handOverPort(contents);
    if (report.type === 'ready' && drillResults.length > 0) engine.tellDrillResults(drillResults);
    if (report.type === 'keyHeld') memoryKey = report.key;
    if (report.type === 'keyLocked') {
      // Nothing is watched until somebody comes: a machine that restarted at night must not look as if it did.
      notifyOfLock(textsFor(language), windows.focusMain);
      windows.flash();
    }
    if (report.type === 'openDrillDesk') drillDesk.open(report.seed);
    if (realAlerts.isRaised(report)) drillDesk.pause();
    if (report.type === 'preferences') {
      language = report.language;
      looks = { language, theme: report.theme };
      nativeTheme.themeSource = report.theme;
      setApplicationMenu(textsFor(language));
      tray?.show(textsFor(language), attention);
    }
    if (report.type === 'demonstration' && ownsDemo) demo.setNeeded(report.isNeeded);
    if (report.type === 'attention') {
      const counts = Object.values(report.unacknowledged);
      attention = { count: counts.reduce((sum, count) => sum + count, 0), critical: report.unacknowledged.critical };
      tray?.show(textsFor(language), attention);
    }
    if (report.type === 'notify' && !windows.isInFront()) {
      if (report.isShown) notifyOfAlert(textsFor(language), report, windows.focusMain);
      if (report.flashes) windows.flash();
    }
  }

  const senderCheck = {
    isOurWindow: (contents: WebContents) => windows.isOurs(contents) || drillDesk.isOurs(contents),
    onRefused: (channel: string, address: string) => say(`refused a message on ${channel} from ${address.slice(0, 300)}`),
  };
  onPageMessage(CHANNELS.pageReady, senderCheck, (contents) => {
    if (drillDesk.isOurs(contents)) {
      drillDesk.onPageReady(contents);
      return;
    }
    if (!listening.has(contents)) contents.once('destroyed', () => listening.delete(contents));
    listening.add(contents);
    contents.send(CHANNELS.engineState, engine.state);
    handOverPort(contents);
  });
  onPageMessage(CHANNELS.copyText, senderCheck, (_contents, text) => {
    if (typeof text === 'string' && text.length <= MAX_CLIPBOARD_CHARACTERS) clipboard.writeText(text);
  });

  app.on('second-instance', windows.focusMain);
  app.on('activate', windows.focusMain);
  lifecycle.join('engine', () => engine.stop());
  lifecycle.join('engine', () => drillDesk.stop());
  lifecycle.join('processes', () => demo.stop());

  void app.whenReady().then(() => {
    say(`Floorwatch ${app.getVersion()} on Electron ${process.versions.electron}, data in ${settings.dataDir}`);
    language = app.getSystemLocale().startsWith('zh') ? 'zh-CN' : 'en';
    for (const pages of [session.defaultSession, session.fromPartition('persist:drill')]) {
      denyPermissions(pages, sayRefused('a permission'));
      blockNetwork(pages, sayRefused('a request'));
      denyDownloads(pages, sayRefused('a download'));
      servePages(join(import.meta.dirname, '../renderer'), pages.protocol);
    }
    setApplicationMenu(textsFor(language));
    // Started beside the engine, not after it: a first start has something to show in seconds. With a feed of one's own it is ended again.
    if (ownsDemo) demoUrl = demo.start();
    engine.start();
    watchPower((state) => {
      engine.tellPower(state);
      drillDesk.tellPower(state);
    });
    windows.openMain();
    tray = createTray(windows.focusMain);
    tray.show(textsFor(language), attention);
  });
}
