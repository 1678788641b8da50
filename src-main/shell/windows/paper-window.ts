/** Turns a page of the engine into a PDF: in a window nobody sees, without script, without network, with a session of its own that holds nothing but that page. */
import { BrowserWindow, type Session, session } from 'electron';
import type { EngineReport } from '#shared/contract/shell';
import { denyDownloads } from '#shell/security/downloads';
import { blockNetwork } from '#shell/security/insecure-content';
import { PAGE_HOST, PAGE_SCHEME } from '#shell/security/origin';
import { denyPermissions } from '#shell/security/permissions';
import { paperPreferences } from '#shell/security/web-preferences';

export type PrintOrder = Extract<EngineReport, { type: 'print' }>;

/** A session without `persist:` lives in memory only. */
const PARTITION = 'paper';
const PAPER_POLICY = "default-src 'none'; style-src 'unsafe-inline'";
/** Inches: room for the lines above and below. */
const MARGINS = { top: 0.75, bottom: 0.75, left: 0.6, right: 0.6 };

/** Pages that wait to be shown to their window, by address. */
const pages = new Map<string, string>();
let paperSession: Session | null = null;
/** One window at a time: printing many papers at once must not take the machine from the desk. */
let last: Promise<unknown> = Promise.resolve();

/** Rejects with the reason when the page cannot be shown or printed. */
export function printPaper(order: PrintOrder, log: (message: string) => void): Promise<Uint8Array> {
  const printed = last.then(() => printOne(order, log));
  last = printed.catch(() => undefined);
  return printed;
}

async function printOne({ printId, html, header, footer }: PrintOrder, log: (message: string) => void): Promise<Uint8Array> {
  const address = `${PAGE_SCHEME}://${PAGE_HOST}/paper/${printId}`;
  paperSession ??= openSession(log);
  pages.set(address, html);
  const window = new BrowserWindow({ show: false, webPreferences: paperPreferences(paperSession) });
  try {
    await window.loadURL(address);
    return await window.webContents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      margins: MARGINS,
      displayHeaderFooter: true,
      headerTemplate: header,
      footerTemplate: footer,
      generateTaggedPDF: true,
    });
  } finally {
    pages.delete(address);
    window.destroy();
  }
}

function openSession(log: (message: string) => void): Session {
  const opened = session.fromPartition(PARTITION, { cache: false });
  const say =
    (what: string) =>
    (detail: string): void =>
      log(`refused ${what} of a paper: ${detail.slice(0, 300)}`);
  denyPermissions(opened, say('a permission'));
  blockNetwork(opened, say('a request'));
  denyDownloads(opened, say('a download'));
  opened.protocol.handle(PAGE_SCHEME, ({ url }) => {
    const html = pages.get(url);
    const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': PAPER_POLICY, 'X-Content-Type-Options': 'nosniff' };
    return new Response(html ?? null, { status: html === undefined ? 404 : 200, headers });
  });
  return opened;
}
