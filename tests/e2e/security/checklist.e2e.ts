/** Electron's security checklist, item by item, on the running app: what a page tries, and that nothing comes of it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseState, FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';
import { expect } from '@playwright/test';
import { CONTENT_SECURITY_POLICY } from '#shell/security/csp';
import { PACKAGED_FUSES } from '#shell/security/fuses';
import { type Desk, electronExecutable, launchDesk, repositoryFolder, test } from '#tests/helpers/e2e-desk';

/** One app serves all items: none of them may change it. */
let desk: Desk;
test.beforeAll(async () => {
  desk = await launchDesk({ args: ['--no-demo'] });
  await desk.page.locator('.app').waitFor({ state: 'attached' });
});
test.afterAll(async () => {
  await desk.quit();
  rmSync(desk.dataDir, { recursive: true, force: true });
});

type Preferences = Record<string, unknown>;
function preferences(): Promise<Preferences> {
  return desk.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Preferences };
    return { ...contents.getLastWebPreferences() };
  });
}

/** A server that counts who reached it. */
async function countingServer(): Promise<{ port: number; hits: () => number; close: () => void }> {
  let hits = 0;
  const server = createServer((_request, response) => {
    hits += 1;
    response.setHeader('Access-Control-Allow-Origin', '*').end('reached');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, hits: () => hits, close: () => server.close() };
}

test('item 1: the page is loaded from the app itself and reaches no server', async () => {
  expect(desk.page.url()).toBe('desk://app/index.html');
  const server = await countingServer();
  const outcomes = await desk.page.evaluate(async (port) => {
    const image = new Promise((resolve) => {
      const element = new Image();
      element.onload = () => resolve('loaded');
      element.onerror = () => resolve('refused');
      element.src = `http://127.0.0.1:${port}/image.png`;
    });
    const request = fetch(`http://127.0.0.1:${port}/data`).then(
      () => 'loaded',
      () => 'refused',
    );
    const socket = new Promise((resolve) => {
      try {
        const opened = new WebSocket(`ws://127.0.0.1:${port}/`);
        opened.onopen = () => resolve('loaded');
        opened.onerror = () => resolve('refused');
      } catch {
        resolve('refused');
      }
    });
    return Promise.all([image, request, socket]);
  }, server.port);
  expect(outcomes).toEqual(['refused', 'refused', 'refused']);
  expect(server.hits()).toBe(0);
  server.close();
});

test('item 2: the page has no Node', async () => {
  expect(await preferences()).toMatchObject({ nodeIntegration: false, nodeIntegrationInSubFrames: false });
  // Electron lists this one only when it is on.
  expect((await preferences()).nodeIntegrationInWorker).not.toBe(true);
  const found = await desk.page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter((name) => name in window));
  expect(found).toEqual([]);
});

test('item 3: the preload lives in a world of its own', async () => {
  expect(await preferences()).toMatchObject({ contextIsolation: true });
  const changed = await desk.page.evaluate(() => {
    const bridge = (window as unknown as { floorwatch: Record<string, unknown> }).floorwatch;
    try {
      bridge.copyText = () => 'taken over';
    } catch {
      return false;
    }
    return String(bridge.copyText).includes('taken over');
  });
  expect(changed).toBe(false);
});

test('item 4: every page is sandboxed', async () => {
  expect(await preferences()).toMatchObject({ sandbox: true });
});

test('item 5: every permission is denied but a picture of the camera, and that never with sound', async () => {
  const answers = await desk.page.evaluate(async () => {
    const denied = (work: () => Promise<unknown>): Promise<string> =>
      work().then(
        (value) => String(value),
        () => 'denied',
      );
    return [
      await denied(() => Notification.requestPermission()),
      await denied(() => navigator.mediaDevices.getUserMedia({ audio: true })),
      await denied(() => navigator.mediaDevices.getUserMedia({ audio: true, video: true })),
      await denied(() => navigator.permissions.query({ name: 'geolocation' }).then((status) => status.state)),
      await denied(() => navigator.clipboard.readText()),
    ];
  });
  expect(answers).toEqual(['denied', 'denied', 'denied', 'denied', 'denied']);
});

test('item 6: web security is left on', async () => {
  expect((await preferences()).webSecurity).not.toBe(false);
});

test('item 7: the content security policy is sent, and stops inline and evaluated script', async () => {
  const header = await desk.app.evaluate(async ({ net }) => (await net.fetch('desk://app/index.html')).headers.get('content-security-policy'));
  expect(header).toBe(CONTENT_SECURITY_POLICY);
  const outcome = await desk.page.evaluate(async () => {
    const refused = new Promise<string>((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), { once: true });
    });
    const script = document.createElement('script');
    script.textContent = 'window.inlineScriptRan = true';
    document.head.append(script);
    const directive = await refused;
    script.remove();
    let evaluated = true;
    try {
      new Function('return 1')();
    } catch {
      evaluated = false;
    }
    return { directive, evaluated, ran: 'inlineScriptRan' in window };
  });
  expect(outcome).toEqual({ directive: 'script-src-elem', evaluated: false, ran: false });
});

test('item 8: insecure content may not run', async () => {
  expect((await preferences()).allowRunningInsecureContent).not.toBe(true);
});

test('item 9: experimental features are off', async () => {
  expect((await preferences()).experimentalFeatures).not.toBe(true);
});

test('item 10: no Blink feature is switched on', async () => {
  expect((await preferences()).enableBlinkFeatures ?? '').toBe('');
});

test('items 11 and 12: a webview does not attach', async () => {
  expect((await preferences()).webviewTag).not.toBe(true);
  const countContents = (): Promise<number> => desk.app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
  const before = await countContents();
  await desk.page.evaluate(() => {
    const view = document.createElement('webview');
    view.setAttribute('src', 'https://example.invalid/');
    document.body.append(view);
    view.remove();
  });
  expect(await countContents()).toBe(before);
});

test('item 13: the page does not leave its origin', async () => {
  const server = await countingServer();
  const addresses = [
    `http://127.0.0.1:${server.port}/?next=desk://app/index.html`,
    'https://example.invalid/desk://app/',
    'file:///etc/hostname',
    'desk://app.example.invalid/index.html',
    'data:text/html,gone',
  ];
  for (const address of addresses) {
    await desk.page.evaluate(async (target) => {
      const link = document.createElement('a');
      link.href = target;
      document.body.append(link);
      link.click();
      link.remove();
      const frame = document.createElement('iframe');
      frame.src = target;
      document.body.append(frame);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      frame.remove();
    }, address);
    expect(desk.page.url()).toBe('desk://app/index.html');
  }
  expect(server.hits()).toBe(0);
  server.close();
});

test('item 14: the page opens no window', async () => {
  const opened = await desk.page.evaluate(() => window.open('desk://app/index.html') === null && window.open('https://example.invalid/') === null);
  expect(opened).toBe(true);
  expect(desk.app.windows()).toHaveLength(1);
});

test('item 15: only https links to known publishers reach the browser', async () => {
  const handedOver = await desk.app.evaluateHandle(({ shell }) => {
    const addresses: string[] = [];
    shell.openExternal = async (address: string) => {
      addresses.push(address);
    };
    return addresses;
  });
  await desk.page.evaluate(() => {
    for (const address of [
      'https://www.shfe.com.cn/rules',
      'http://www.shfe.com.cn/rules',
      'https://www.shfe.com.cn.example.invalid/',
      'https://www.shfe.com.cn@example.invalid/',
      'file:///etc/hostname',
      'smb://www.shfe.com.cn/share',
    ]) {
      window.open(address);
    }
  });
  await expect.poll(() => handedOver.jsonValue()).toEqual(['https://www.shfe.com.cn/rules']);
});

test('item 17: a message from a page that is not ours is dropped', async () => {
  const preload = join(repositoryFolder, 'out', 'preload', 'preload.cjs');
  const stranger = desk.app.waitForEvent('window');
  await desk.app.evaluate(async ({ BrowserWindow }, preloadFile) => {
    // As if another part of the program had opened a page of someone else's with our preload.
    const window = new BrowserWindow({ show: false, webPreferences: { preload: preloadFile, sandbox: true } });
    await window.loadURL('data:text/html,<title>stranger</title>');
  }, preload);
  const page = await stranger;
  const received = await page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const heard: string[] = [];
        window.addEventListener('message', (event) => heard.push(String((event.data as { type?: string }).type)));
        const bridge = (window as unknown as { floorwatch: { pageReady(): void; copyText(text: string): void } }).floorwatch;
        bridge.copyText('from a stranger');
        bridge.pageReady();
        // A second window's answer would come before that of the page itself, which is asked after it.
        requestIdleCallback(() => resolve(heard), { timeout: 500 });
      }),
  );
  expect(received).toEqual([]);
  expect(await desk.app.evaluate(({ clipboard }) => clipboard.readText())).not.toBe('from a stranger');
  await page.close();
});

test('item 18: the app protocol serves the page folder and nothing else', async () => {
  const statuses = await desk.app.evaluate(async ({ net }) => {
    const ask = async (address: string): Promise<number> => (await net.fetch(address)).status;
    return [
      await ask('desk://app/index.html'),
      await ask('desk://app/../main/main.js'),
      await ask('desk://app/..%2fmain%2fmain.js'),
      await ask('desk://app/%2e%2e/%2e%2e/package.json'),
      await ask('desk://app/..%5cmain%5cmain.js'),
      await ask('desk://elsewhere/index.html'),
    ];
  });
  expect(statuses).toEqual([200, 404, 404, 404, 404, 404]);
});

test('item 19: the fuses of a packaged app can be set and read back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'floorwatch-fuses-'));
  try {
    const binary = join(folder, 'electron');
    copyFileSync(electronExecutable(), binary);
    const wanted = Object.entries(PACKAGED_FUSES).map(([name, on]) => [FuseV1Options[name as keyof typeof PACKAGED_FUSES], on] as const);
    await flipFuses(binary, { version: FuseVersion.V1, ...Object.fromEntries(wanted) });
    const wire = (await getCurrentFuseWire(binary)) as unknown as Record<number, number>;
    for (const [fuse, on] of wanted) expect.soft(wire[fuse], FuseV1Options[fuse]).toBe(on ? FuseState.ENABLE : FuseState.DISABLE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('item 20: the page gets a few named functions and nothing generic', async () => {
  const surface = await desk.page.evaluate(() => {
    const bridge = (window as unknown as { floorwatch: Record<string, unknown> }).floorwatch;
    return Object.fromEntries(Object.entries(bridge).map(([name, value]) => [name, typeof value]));
  });
  expect(surface).toEqual({ pageReady: 'function', onEngineState: 'function', copyText: 'function', about: 'object' });
  expect(await desk.page.evaluate(() => ['ipcRenderer', 'electron', 'electronAPI'].filter((name) => name in window))).toEqual([]);
});
