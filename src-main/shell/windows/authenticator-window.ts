/**
 * Asks the machine's own authenticator (Touch ID, Windows Hello) for the engine. Chromium lets only https origins ask, and the desk's pages are none: so one
 * small window has an https page that exists nowhere else, served from memory, in a session of its own without network. Where Chromium says that
 * there is no authenticator which verifies who is there, none is ever offered.
 */
import { BrowserWindow, type Session, session } from 'electron';
import {
  AUTHENTICATOR_ORIGIN,
  AUTHENTICATOR_RP_ID,
  type AuthenticatorAnswer,
  type AuthenticatorOrder,
  authenticatorAnswerSchema,
} from '#shared/contract/authenticator';
import { denyDownloads } from '#shell/security/downloads';
import { denyPermissions } from '#shell/security/permissions';
import { authenticatorPreferences } from '#shell/security/web-preferences';
import type { ShellTexts } from '#shell/texts';

/** A session without `persist:` lives in memory only. */
const PARTITION = 'authenticator';
const PAGE = `${AUTHENTICATOR_ORIGIN}/`;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** A person may look for their glasses. */
const CEREMONY_MS = 120_000;

export type AuthenticatorSurroundings = { texts: () => ShellTexts; isDark: () => boolean; log: (message: string) => void };

let window: BrowserWindow | null = null;
let ownSession: Session | null = null;
/** One ceremony at a time. */
let last: Promise<unknown> = Promise.resolve();

export function askAuthenticator(order: AuthenticatorOrder, around: AuthenticatorSurroundings): Promise<AuthenticatorAnswer> {
  const asked = last.then(() => askOnce(order, around)).catch((error: unknown) => faultOf(error));
  last = asked;
  return asked;
}

async function askOnce(order: AuthenticatorOrder, around: AuthenticatorSurroundings): Promise<AuthenticatorAnswer> {
  const { contents, shown } = await pageFor(order, around);
  const ask = contents.executeJavaScript(
    `(${ceremony.toString()})(${JSON.stringify(order)}, ${JSON.stringify(AUTHENTICATOR_RP_ID)}, ${CEREMONY_MS})`,
    true,
  );
  // Closed by the person: what was asked is over.
  const closed = new Promise<AuthenticatorAnswer>((resolve) => {
    shown.once('closed', () => resolve({ kind: 'failed', reason: 'cancelled', message: 'the window was closed' }));
  });
  const answer = await Promise.race([ask, closed]);
  if (!shown.isDestroyed()) shown.hide();
  return authenticatorAnswerSchema.parse(answer);
}

/** Kept hidden between two uses: a lock is opened many times a day. */
async function pageFor(order: AuthenticatorOrder, around: AuthenticatorSurroundings) {
  ownSession ??= openSession(around);
  const shown = window === null || window.isDestroyed() ? newWindow(ownSession) : window;
  window = shown;
  // Anew each time: in the language and the theme of now.
  await shown.loadURL(`${PAGE}${order.kind}`);
  if (order.kind !== 'probe') {
    shown.show();
    shown.focus();
  }
  return { contents: shown.webContents, shown };
}

function newWindow(of: Session): BrowserWindow {
  return new BrowserWindow({
    ...{ width: 460, height: 220, show: false, resizable: false, minimizable: false, maximizable: false, autoHideMenuBar: true, alwaysOnTop: true },
    webPreferences: authenticatorPreferences(of),
  });
}

function openSession({ texts, isDark, log }: AuthenticatorSurroundings): Session {
  const opened = session.fromPartition(PARTITION, { cache: false });
  denyPermissions(opened, (what) => log(`refused a permission of the authenticator's page: ${what.slice(0, 300)}`));
  denyDownloads(opened, (what) => log(`refused a download of the authenticator's page: ${what.slice(0, 300)}`));
  // Every https address of this session ends here; no other scheme is let out, so that nothing of it reaches a network.
  opened.protocol.handle('https', ({ url }) => {
    const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff' };
    const isOurs = URL.canParse(url) && new URL(url).origin === AUTHENTICATOR_ORIGIN;
    return new Response(isOurs ? pageText(texts(), new URL(url).pathname === '/create', isDark()) : null, { status: isOurs ? 200 : 404, headers });
  });
  opened.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !url.startsWith(PAGE) }));
  return opened;
}

function pageText({ authenticator }: ShellTexts, isNew: boolean, isDark: boolean): string {
  const colours = isDark ? '#e8ecf1;background:#14181d' : '#14181d;background:#f6f7f9';
  const words = isNew ? authenticator.create : authenticator.get;
  const style = `body{font:16px system-ui,sans-serif;padding:1.5rem;color:${colours}}`;
  return `<!doctype html><html><head><title>${authenticator.title}</title><style>${style}</style></head><body><h1 style="font-size:1.2rem">${authenticator.title}</h1><p>${words}</p></body></html>`;
}

function faultOf(error: unknown): AuthenticatorAnswer {
  return { kind: 'failed', reason: 'fault', message: String(error).slice(0, 500) };
}

/** Runs in the page, so that it may name nothing of this file. */
async function ceremony(order: AuthenticatorOrder, rpId: string, timeout: number): Promise<unknown> {
  const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  const base64Of = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const textOf = (bytes: ArrayBuffer): string => base64Of(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const failed = (reason: 'cancelled' | 'fault', message: string) => ({ kind: 'failed', reason, message: message.slice(0, 500) });
  try {
    if (order.kind === 'probe') {
      const isThere = typeof PublicKeyCredential === 'function' && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable());
      return { kind: 'probed', isThere };
    }
    if (order.kind === 'create') {
      const made = (await navigator.credentials.create({
        publicKey: {
          rp: { id: rpId, name: 'Floorwatch' },
          user: { id: bytesOf(order.userId), name: order.name, displayName: order.name },
          challenge: bytesOf(order.challenge),
          // EdDSA, ES256, RS256 (what Windows Hello makes).
          pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
          excludeCredentials: order.excluded.map((id) => ({ type: 'public-key', id: bytesOf(id) })),
          authenticatorSelection: { authenticatorAttachment: 'platform', userVerification: 'required', residentKey: 'discouraged' },
          attestation: 'none',
          timeout,
        },
      })) as PublicKeyCredential;
      const response = made.response as AuthenticatorAttestationResponse;
      const publicKey = response.getPublicKey();
      if (publicKey === null) return failed('fault', 'it gave no public key');
      return {
        kind: 'created',
        credentialId: textOf(made.rawId),
        publicKey: base64Of(publicKey),
        algorithm: response.getPublicKeyAlgorithm(),
        clientData: textOf(response.clientDataJSON),
        authenticatorData: textOf(response.getAuthenticatorData()),
      };
    }
    const found = (await navigator.credentials.get({
      publicKey: {
        rpId,
        challenge: bytesOf(order.challenge),
        allowCredentials: order.allowed.map((id) => ({ type: 'public-key', id: bytesOf(id), transports: ['internal'] })),
        userVerification: 'required',
        timeout,
      },
    })) as PublicKeyCredential;
    const response = found.response as AuthenticatorAssertionResponse;
    return {
      kind: 'asserted',
      credentialId: textOf(found.rawId),
      clientData: textOf(response.clientDataJSON),
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
    };
  } catch (error) {
    const isLetBe = error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
    return failed(isLetBe ? 'cancelled' : 'fault', String(error));
  }
}
