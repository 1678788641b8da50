/**
 * Security checklist 7: the content security policy of every page. Inline styles are allowed because the docking, popover and grid
 * libraries position elements with them (docs/decisions/content-security-policy.md); script comes from our own files only, and the page
 * can connect to nothing: its data arrives over the engine's port.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  // The alert sounds that come with the app.
  "media-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');
