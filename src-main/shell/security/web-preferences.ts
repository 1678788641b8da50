/** Security checklists 2, 3, 4, 6, 8, 9, 10 and 11: what a page may be. The only place that makes these options. */
import { app, type Session, type WebPreferences } from 'electron';
import { PAGE_SWITCHES } from '#shared/contract/channels';

/**
 * `webSecurity` is not named on purpose: its default is on, and nothing may set it. Throttling of hidden pages stays on: alarms live in
 * the engine and the shell, a hidden page only draws.
 */
export function pagePreferences(preloadFile: string): WebPreferences {
  return {
    preload: preloadFile,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    // A middle click would open a window from any link.
    disableBlinkFeatures: 'Auxclick',
    navigateOnDragDrop: false,
    safeDialogs: true,
    spellcheck: false,
    devTools: !app.isPackaged,
    additionalArguments: [`${PAGE_SWITCHES.appVersion}${app.getVersion()}`, ...(app.isPackaged ? [PAGE_SWITCHES.isPackaged] : [])],
  };
}

/** What the pages beside the desk's own have in common: no preload, no way to the engine, no pictures, nothing to open from them. */
const PAGE_APART: WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  images: false,
  webgl: false,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  disableBlinkFeatures: 'Auxclick',
  navigateOnDragDrop: false,
  safeDialogs: true,
  spellcheck: false,
  devTools: false,
};

/** Of a page that is only printed: it runs nothing, loads nothing, and knows no other page's session. */
export function paperPreferences(session: Session): WebPreferences {
  return { ...PAGE_APART, session, javascript: false };
}

/** Of the one page that asks the machine's authenticator, with nothing but its own few words. */
export function authenticatorPreferences(session: Session): WebPreferences {
  return { ...PAGE_APART, session };
}
