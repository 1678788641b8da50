/** The shell's guards as functions: what is an own page, which file an address names, what may leave for the browser. */
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };

// Importing the real module would download an Electron; the functions under test use none of it.
vi.mock('electron', () => ({ protocol: {}, shell: { openExternal: vi.fn() }, systemPreferences: {} }));

const { fileForAddress } = await import('#shell/security/app-protocol');
const { CONTENT_SECURITY_POLICY } = await import('#shell/security/csp');
const { isAllowedExternally } = await import('#shell/security/external-links');
const { isOwnPage, PAGE_URL } = await import('#shell/security/origin');
const { isCameraCheck, isCameraOnly } = await import('#shell/security/permissions');

const folder = join(sep, 'app', 'out', 'renderer');

describe('own pages', () => {
  it('is our scheme and host, and nothing that only begins or ends like it', () => {
    expect(isOwnPage(PAGE_URL)).toBe(true);
    for (const address of [
      '',
      'desk:app',
      'desk://application/index.html',
      'desk://app.example.com/',
      'desk://app:80/',
      'desk://user@app/index.html',
      'https://app/index.html',
      'https://example.com/?next=desk://app/index.html',
      'file:///app/out/renderer/index.html',
      'javascript:alert(1)',
    ]) {
      expect(isOwnPage(address), address).toBe(false);
    }
  });
});

describe('the camera', () => {
  const asked = { mediaTypes: ['video' as const], isMainFrame: true, requestingUrl: PAGE_URL };

  it('is for a picture without sound, and for the main frame of a page of ours', () => {
    expect(isCameraOnly(asked)).toBe(true);
    expect(isCameraOnly({ ...asked, mediaTypes: ['audio'] })).toBe(false);
    expect(isCameraOnly({ ...asked, mediaTypes: ['video', 'audio'] })).toBe(false);
    expect(isCameraOnly({ ...asked, mediaTypes: [] })).toBe(false);
    expect(isCameraOnly({ ...asked, isMainFrame: false })).toBe(false);
    expect(isCameraOnly({ ...asked, requestingUrl: 'https://app/index.html' })).toBe(false);
    expect(isCameraOnly({})).toBe(false);
  });

  it('is checked the same way before it is asked for', () => {
    expect(isCameraCheck('desk://app', { mediaType: 'video', isMainFrame: true })).toBe(true);
    expect(isCameraCheck('desk://app', { mediaType: 'audio', isMainFrame: true })).toBe(false);
    expect(isCameraCheck('desk://app', { mediaType: 'unknown', isMainFrame: true })).toBe(false);
    expect(isCameraCheck('desk://app', { mediaType: 'video', isMainFrame: false })).toBe(false);
    expect(isCameraCheck('https://app', { mediaType: 'video', isMainFrame: true })).toBe(false);
  });
});

describe('the file an address names', () => {
  it('is inside the page folder', () => {
    expect(fileForAddress(folder, 'desk://app/index.html')).toBe(join(folder, 'index.html'));
    expect(fileForAddress(folder, 'desk://app/assets/page.js?v=1#top')).toBe(join(folder, 'assets', 'page.js'));
  });

  it('is nothing when it would leave the folder, however it is written', () => {
    for (const path of ['..%2fmain%2fmain.js', '%2e%2e%2f%2e%2e/package.json', '..%5cmain.js', 'a%00.html', '%', '']) {
      expect(fileForAddress(folder, `desk://app/${path}`), path).toBeNull();
    }
  });

  it('never leaves the folder, for any path', () => {
    const part = fc.constantFrom('..', '.', '%2e%2e', '%2f', '%5c', '/', '\\', 'a', 'index.html', '%252e', ' ');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const file = fileForAddress(folder, `desk://app/${parts.join('')}`);
        expect(file === null || file.startsWith(folder + sep)).toBe(true);
      }),
    );
  });
});

describe('links that may leave', () => {
  it('are https links to publishers that the product cites', () => {
    expect(isAllowedExternally('https://www.shfe.com.cn/rules?x=1')).toBe(true);
    for (const address of [
      undefined,
      7,
      'http://www.shfe.com.cn/',
      'https://www.shfe.com.cn:8443/',
      'https://www.shfe.com.cn.example.com/',
      'https://example.com/https://www.shfe.com.cn/',
      'https://www.shfe.com.cn@example.com/',
      'https://user:secret@www.shfe.com.cn/',
      'ms-settings:',
    ]) {
      expect(isAllowedExternally(address), String(address)).toBe(false);
    }
  });
});

describe('the content security policy', () => {
  it('denies by default and allows neither a remote origin nor inline or evaluated script', () => {
    const rules = new Map(CONTENT_SECURITY_POLICY.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]));
    expect(rules.get('default-src')).toEqual(["'none'"]);
    expect(rules.get('script-src')).toEqual(["'self'"]);
    expect(rules.get('connect-src')).toEqual(["'none'"]);
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/https?:|\*|unsafe-eval/);
  });
});

describe('checklist item 16: a current Electron', () => {
  it('is pinned to one exact version of the shipped major', () => {
    expect(packageJson.devDependencies.electron).toMatch(/^45\.\d+\.\d+$/);
  });
});
