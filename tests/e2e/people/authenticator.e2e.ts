/** The machine's own authenticator in the real shell: not offered where Chromium says there is none, and with Chromium's own virtual one enrolled, used and removed. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { type Desk, test } from '#tests/helpers/e2e-desk';
import { ADMIN, claimDesk, openPeople } from '#tests/helpers/e2e-people';

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.FLOORWATCH_SCREENSHOTS ?? '';
  if (folder === '') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `authenticator-${name}.png`) });
}

/** A platform authenticator of Chromium's test interface, in the one window that may ask one. `isVerified`: whether the finger is the right one. */
async function addVirtualAuthenticator(desk: Desk, isVerified: boolean): Promise<void> {
  await desk.app.evaluate(({ app, session, webContents }, verified) => {
    type Contents = ReturnType<typeof webContents.getAllWebContents>[number];
    const options = {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: verified, automaticPresenceSimulation: true },
    };
    const own = session.fromPartition('authenticator');
    const prepare = (contents: Contents): void => {
      if (contents.session !== own) return;
      contents.debugger.attach('1.3');
      void contents.debugger.sendCommand('WebAuthn.enable', { enableUI: false });
      void contents.debugger.sendCommand('WebAuthn.addVirtualAuthenticator', { options });
    };
    app.on('web-contents-created', (_event, contents) => prepare(contents));
  }, isVerified);
}

test('where the machine has none, none is offered', async ({ desk }) => {
  await claimDesk(desk.page);
  await openPeople(desk.page);
  await expect(desk.page.getByTestId('authenticator')).toHaveAttribute('data-there', 'false');
  await expect(desk.page.getByTestId('my-authenticator')).toHaveCount(0);
  await picture(desk.page, 'none');
  await desk.page.keyboard.press('Control+l');
  await expect(desk.page.getByTestId('lock-screen')).toBeVisible();
  await expect(desk.page.getByTestId('unlock-authenticator')).toHaveCount(0);
});

test('the window that asks it reaches nothing but its own page', async ({ desk }) => {
  await claimDesk(desk.page);
  await openPeople(desk.page);
  await expect(desk.page.getByTestId('authenticator')).toHaveAttribute('data-there', 'false');
  const reached = await desk.app.evaluate(async ({ session, webContents }) => {
    const own = session.fromPartition('authenticator');
    const contents = webContents.getAllWebContents().find((each) => each.session === own);
    const addresses = ['https://example.com/', 'http://127.0.0.1:9/', 'desk://app/index.html', 'file:///etc/hostname'];
    const ask = `Promise.all(${JSON.stringify(addresses)}.map((each) => fetch(each).then((answer) => answer.status, () => 'refused')))`;
    return {
      address: contents?.getURL(),
      bridge: await contents?.executeJavaScript('typeof window.floorwatch + typeof require'),
      byPage: await contents?.executeJavaScript(ask),
      // Without the page's own policy: another https address ends at the same handler, and no other scheme is let out.
      bySession: await Promise.all(
        addresses.slice(0, 2).map((each) =>
          own.fetch(each).then(
            ({ status }) => status,
            () => 'refused',
          ),
        ),
      ),
    };
  });
  expect(reached).toEqual({
    ...{ address: 'https://desk.floorwatch.internal/probe', bridge: 'undefinedundefined' },
    ...{ byPage: ['refused', 'refused', 'refused', 'refused'], bySession: [404, 'refused'] },
  });
});

test('a fingerprint is enrolled by the password, unlocks the desk, and does so no more once it is removed', async ({ desk }) => {
  test.setTimeout(180_000);
  const { page } = desk;
  await addVirtualAuthenticator(desk, true);
  await claimDesk(page);
  await openPeople(page);
  await expect(page.getByTestId('authenticator')).toHaveAttribute('data-enrolled', 'false');
  await page.getByTestId('my-authenticator').click();
  await page.getByTestId('authenticator-current').fill('not-my-password-5');
  await page.getByTestId('authenticator-submit').click();
  await expect(page.getByTestId('authenticator-form').getByTestId('refusal')).toHaveAttribute('data-code', 'FORBIDDEN', { timeout: 30_000 });
  await page.getByTestId('authenticator-current').fill(ADMIN.secret);
  await page.getByTestId('authenticator-submit').click();
  await expect(page.getByTestId('authenticator')).toHaveAttribute('data-enrolled', 'true', { timeout: 60_000 });
  await picture(page, 'enrolled');

  for (let round = 0; round < 2; round += 1) {
    await page.keyboard.press('Control+l');
    await expect(page.getByTestId('lock-screen')).toBeVisible();
    if (round === 0) await picture(page, 'lock');
    await page.getByTestId('unlock-authenticator').click();
    await expect(page.getByTestId('lock-screen')).toHaveCount(0, { timeout: 60_000 });
  }

  await page.getByTestId('my-authenticator').click();
  await page.getByTestId('authenticator-current').fill(ADMIN.secret);
  await page.getByTestId('authenticator-submit').click();
  await expect(page.getByTestId('authenticator')).toHaveAttribute('data-enrolled', 'false', { timeout: 60_000 });
  await page.keyboard.press('Control+l');
  await expect(page.getByTestId('lock-screen')).toBeVisible();
  await expect(page.getByTestId('unlock-authenticator')).toHaveCount(0);
  expect(desk.pageErrors).toEqual([]);
});
