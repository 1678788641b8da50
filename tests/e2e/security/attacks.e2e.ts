/** What a page that was taken over, a dropped file, a link or a second start might try on the running app, beyond Electron's own checklist. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { openPanel } from '#tests/helpers/e2e-actions';
import { type Desk, launchDesk, test, untilReady } from '#tests/helpers/e2e-desk';

let desk: Desk;
test.beforeAll(async () => {
  desk = await launchDesk({ args: ['--no-demo'] });
  await untilReady(desk.page);
});
test.afterAll(async () => {
  await desk.quit();
  rmSync(desk.dataDir, { recursive: true, force: true });
});

const HOME = 'desk://app/index.html';

test('a file dropped anywhere on the page is not opened by it', async () => {
  await desk.page.evaluate(() => {
    for (const target of [document.body, document.documentElement, ...document.querySelectorAll('div, section, input')].slice(0, 300)) {
      const data = new DataTransfer();
      data.items.add(new File(['<script>window.droppedRan = true</script>'], 'dropped.html', { type: 'text/html' }));
      data.setData('text/uri-list', 'file:///etc/hostname');
      for (const type of ['dragenter', 'dragover', 'drop'])
        target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }
  });
  expect(desk.page.url()).toBe(HOME);
  expect(await desk.page.evaluate(() => 'droppedRan' in window)).toBe(false);
  expect(desk.app.windows()).toHaveLength(1);
});

test('the page saves nothing by itself', async () => {
  const before = await desk.app.evaluate(({ session }) => {
    const seen = { prevented: [] as boolean[] };
    session.defaultSession.on('will-download', (event) => seen.prevented.push(event.defaultPrevented));
    (globalThis as unknown as { seenDownloads: typeof seen }).seenDownloads = seen;
    return seen.prevented.length;
  });
  expect(before).toBe(0);
  await desk.page.evaluate(() => {
    for (const href of [URL.createObjectURL(new Blob(['x'])), 'data:application/octet-stream,x', 'desk://app/index.html']) {
      const link = document.createElement('a');
      link.href = href;
      link.download = '../../escaped.exe';
      document.body.append(link);
      link.click();
      link.remove();
    }
  });
  const prevented = () => desk.app.evaluate(() => (globalThis as unknown as { seenDownloads: { prevented: boolean[] } }).seenDownloads.prevented);
  await expect.poll(async () => (await prevented()).length).toBeGreaterThan(0);
  expect((await prevented()).every(Boolean)).toBe(true);
});

test('the app protocol answers nothing outside the page folder, in any spelling, by any method', async () => {
  const statuses = await desk.app.evaluate(async ({ net }) => {
    const addresses = [
      'desk://app/%2e%2e%2f%2e%2e%2fpackage.json',
      'desk://app/%252e%252e%252fpackage.json',
      'desk://app/....//....//package.json',
      'desk://app/..;/..;/package.json',
      'desk://app/%c0%ae%c0%ae/package.json',
      'desk://app/%00index.html',
      'desk://app/index.html%00.js',
      'desk://app//etc/passwd',
      'desk://app/C:%5Cwindows%5Cwin.ini',
      'desk://app/%5c%5cserver%5cshare',
      'desk://app/assets/../../main/main.js',
      'desk://APP.evil/index.html',
      `desk://app/${'a/'.repeat(5_000)}`,
    ];
    const answers: [string, number][] = [];
    for (const address of addresses) {
      try {
        answers.push([address, (await net.fetch(address)).status]);
      } catch {
        answers.push([address, 0]);
      }
    }
    for (const method of ['POST', 'PUT', 'DELETE']) answers.push([method, (await net.fetch('desk://app/index.html', { method })).status]);
    return answers;
  });
  expect(statuses.filter(([, status]) => ![0, 404, 405].includes(status))).toEqual([]);
});

test('a link from outside or a second start brings the window forward and does nothing else', async () => {
  expect(await desk.app.evaluate(({ app }) => app.isDefaultProtocolClient('desk'))).toBe(false);
  await desk.app.evaluate(({ app }) => {
    const argv = [
      'floorwatch',
      '--data-dir=/tmp/elsewhere',
      '--demo-url=ws://127.0.0.1:1/',
      'desk://app/../../main/main.js',
      'javascript:alert(1)',
      '--inspect',
    ];
    app.emit('second-instance', { preventDefault: () => undefined }, argv, '/tmp', {});
    app.emit('open-url', { preventDefault: () => undefined }, 'desk://app/../../main/main.js');
    app.emit('open-file', { preventDefault: () => undefined }, '/etc/hostname');
  });
  expect(desk.page.url()).toBe(HOME);
  expect(desk.app.windows()).toHaveLength(1);
  expect(existsSync('/tmp/elsewhere')).toBe(false);
});

test('frames, workers, popups and embedded objects from elsewhere do not start', async () => {
  const started = await desk.page.evaluate(async () => {
    const found: string[] = [];
    const attempt = (name: string, work: () => unknown): void => {
      try {
        work();
      } catch {
        return;
      }
      found.push(name);
    };
    attempt('worker from data', () => {
      const worker = new Worker('data:text/javascript,postMessage(1)');
      worker.onmessage = () => found.push('worker ran');
    });
    for (const [tag, attribute] of [
      ['iframe', 'src'],
      ['object', 'data'],
      ['embed', 'src'],
    ] as const) {
      const element = document.createElement(tag);
      element.setAttribute(attribute, 'data:text/html,<script>top.frameRan = true</script>');
      document.body.append(element);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      element.remove();
    }
    if ('frameRan' in window) found.push('frame ran');
    return found.filter((name) => name.endsWith('ran'));
  });
  expect(started).toEqual([]);
});

test('the shell drops what a page sends in another shape than agreed', async () => {
  await desk.page.evaluate(() => {
    const bridge = (window as unknown as { floorwatch: { copyText(text: unknown): void } }).floorwatch;
    for (const text of [null, {}, [], 1, { toString: () => 'x' }, 'x'.repeat(10_000_001)]) {
      try {
        bridge.copyText(text);
      } catch {
        // Refused before it left the page.
      }
    }
  });
  expect((await desk.app.evaluate(({ clipboard }) => clipboard.readText())).length).toBeLessThan(10_000_001);
  await expect(desk.page.locator('.app')).toBeVisible();
});

test('evidence that is a page of its own is shown as characters, and a program is not taken', async () => {
  const info = test.info();
  const page = desk.page;
  await openPanel(page, 'evidence');
  const html = info.outputPath('attack.html');
  writeFileSync(html, '<html><script>window.evidenceRan = true</script><img src=x onerror="window.evidenceRan = true">');
  await page.getByTestId('evidence-file').setInputFiles(html);
  await page.getByTestId('evidence-view').click();
  await expect(page.getByTestId('evidence-text')).toContainText('<script>window.evidenceRan');
  expect(await page.evaluate(() => 'evidenceRan' in window)).toBe(false);
  await page.getByTestId('evidence-reason').fill('for the inspector');
  await page.getByTestId('evidence-export').click();
  await expect(page.getByTestId('evidence-exported')).toBeVisible();
  expect(readFileSync(join(desk.dataDir, 'exports', 'attack.txt'), 'utf8')).toContain('<script>');
  await page.getByTestId('evidence-close').click();
  const program = info.outputPath('photo.png');
  writeFileSync(program, Buffer.from([0x4d, 0x5a, 0x90, 0]));
  await page.getByTestId('evidence-file').setInputFiles(program);
  await expect(page.getByTestId('evidence').getByTestId('refusal')).toHaveAttribute('data-code', 'INVALID');
  await expect(page.getByTestId('evidence-row')).toHaveCount(1);
});

test('the health page says that this disk is not protected where the system keeps no key', async () => {
  const page = desk.page;
  await page.getByTestId('workspace-tab-health').click();
  const protection = page.getByTestId('health-protection');
  await expect(protection).toHaveAttribute('data-protection', /keychain|file/);
  const isBare = readFileSync(join(desk.dataDir, 'desk-key.json'), 'utf8').includes('"slot":"file"');
  await expect(protection).toHaveAttribute('data-protection', isBare ? 'file' : 'keychain');
});
