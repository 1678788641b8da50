/** Security checklists 1 and 18: pages load from `desk://app`, which serves the built page's folder and nothing else; never from file:// or a network. */
import { readFile } from 'node:fs/promises';
import { extname, isAbsolute, join, relative, sep } from 'node:path';
import { type Protocol, protocol } from 'electron';
import { CONTENT_SECURITY_POLICY } from '#shell/security/csp';
import { isOwnPage, PAGE_SCHEME } from '#shell/security/origin';

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
};

/** Before the app is ready: a standard, secure scheme, so that relative addresses and module scripts work as they do over https. */
export function registerPageScheme(): void {
  // `stream`: without it a sound of more than one piece is taken for broken now and then, and an alert stays silent.
  protocol.registerSchemesAsPrivileged([{ scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, codeCache: true, stream: true } }]);
}

/** The file an address of ours names inside `folder`; null for anything else, also for what would leave the folder by any spelling. */
export function fileForAddress(folder: string, address: string): string | null {
  if (!isOwnPage(address)) return null;
  let path: string;
  try {
    path = decodeURIComponent(new URL(address).pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const file = join(folder, path);
  const inside = relative(folder, file);
  if (inside === '' || isAbsolute(inside) || inside.split(sep)[0] === '..') return null;
  return file;
}

function refused(status: number): Response {
  return new Response(null, { status, headers: { 'Content-Security-Policy': CONTENT_SECURITY_POLICY } });
}

/** `on` is the protocol of the session whose pages are served. */
export function servePages(folder: string, on: Pick<Protocol, 'handle'>): void {
  on.handle(PAGE_SCHEME, async (request) => {
    if (request.method !== 'GET') return refused(405);
    const file = fileForAddress(folder, request.url);
    const contentType = file === null ? undefined : CONTENT_TYPES[extname(file)];
    if (file === null || contentType === undefined) return refused(404);
    try {
      const body = await readFile(file);
      return new Response(new Uint8Array(body), {
        headers: {
          'Content-Type': contentType,
          'Content-Security-Policy': CONTENT_SECURITY_POLICY,
          'X-Content-Type-Options': 'nosniff',
          'Referrer-Policy': 'no-referrer',
          'Cross-Origin-Opener-Policy': 'same-origin',
        },
      });
    } catch {
      return refused(404);
    }
  });
}
