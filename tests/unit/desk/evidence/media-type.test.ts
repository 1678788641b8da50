/** What a file is, by its bytes: what is kept, what is shown, and under which name it may leave. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSafePicture, MEDIA_TYPES, mediaTypeOf, safeFileName } from '#shared/desk/evidence/media-type';

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const png = (width: number, height: number): Uint8Array => {
  const head = Buffer.from([...PNG, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
};

describe('what a file is', () => {
  it.each([
    ['image/png', bytes(PNG)],
    ['image/jpeg', bytes([0xff, 0xd8, 0xff, 0xe0])],
    ['image/gif', bytes('GIF89a')],
    ['image/webp', bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8 ')],
    ['audio/wav', bytes('RIFF', [0, 0, 0, 0], 'WAVEfmt ')],
    ['application/pdf', bytes('%PDF-1.7')],
    ['application/zip', bytes('PK', [3, 4])],
    ['text/plain', Buffer.from('09:31 客户来电\n<script>alert(1)</script>')],
  ])('%s is told by its bytes', (type, content) => expect(mediaTypeOf(content)).toBe(type));

  it.each([
    ['nothing', bytes('')],
    ['a Windows program', bytes('MZ', [0x90, 0, 3, 0])],
    ['a Linux program', bytes([0x7f], 'ELF', [2, 1, 1, 0])],
    ['a macOS program', bytes([0xcf, 0xfa, 0xed, 0xfe])],
    ['a shell script', bytes('#!/bin/sh\nrm -rf ~\n')],
    ['text with an escape sequence', bytes('ok', [0x1b], '[2Jgone')],
    ['text that is not UTF-8', bytes([0xc3, 0x28])],
    ['an unknown container', bytes('RIFF', [0, 0, 0, 0], 'AVI LIST')],
  ])('%s is not kept', (_name, content) => expect(mediaTypeOf(content)).toBeNull());
});

describe('a picture', () => {
  it('is unpacked only when it says of itself that it is small enough', () => {
    expect(isSafePicture(png(1920, 1080), 'image/png')).toBe(true);
    expect(isSafePicture(png(60_000, 60_000), 'image/png')).toBe(false);
    expect(isSafePicture(png(0, 10), 'image/png')).toBe(false);
    expect(isSafePicture(bytes(PNG), 'image/png')).toBe(false);
    const jpeg = bytes([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0x04, 0x38, 0x07, 0x80]);
    expect(isSafePicture(jpeg, 'image/jpeg')).toBe(true);
    jpeg.set([0xff, 0xff, 0xff, 0xff], 13);
    expect(isSafePicture(jpeg, 'image/jpeg')).toBe(false);
    expect(isSafePicture(jpeg.subarray(0, 8), 'image/jpeg')).toBe(false);
  });

  it('of any bytes is judged without a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(...MEDIA_TYPES), (content, type) => {
        expect(typeof isSafePicture(content, type)).toBe('boolean');
      }),
    );
  });
});

describe('the name under which a file leaves', () => {
  it.each([
    ['../../etc/passwd', 'text/plain', 'passwd.txt'],
    ['..\\..\\windows\\system32\\evil.exe', 'image/png', 'evil.png'],
    ['CON', 'text/plain', 'evidence-CON.txt'],
    ['.ssh', 'text/plain', 'ssh.txt'],
    ['invoice\u202Efdp.exe', 'application/pdf', 'invoicefdp.pdf'],
    ['客户 截图.png', 'image/png', '客户 截图.png'],
    ['a\u0000b\nc.png', 'image/png', 'abc.png'],
    ['', 'text/plain', 'evidence-.txt'],
  ] as const)('%j becomes one plain name', (name, type, expected) => expect(safeFileName(name, type)).toBe(expected));

  it('is never a path, hidden, or of another kind than its bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const safe = safeFileName(name, 'image/png');
        expect(safe).toMatch(/^[^./\\\s][^/\\:*?"<>|]*\.png$/);
        expect(safe.length).toBeLessThan(120);
        expect(/\p{Cc}|\p{Cf}/u.test(safe)).toBe(false);
      }),
    );
  });
});

it('takes for text what the platform decodes as UTF-8, and nothing else', () => {
  const printable = (bytes: Uint8Array): boolean => bytes.every((byte) => byte >= 0x20 && byte !== 0x7f) && bytes[0] !== 0x23;
  const decodes = (bytes: Uint8Array): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  const mixed = fc.array(
    fc.oneof(fc.constantFrom(...new TextEncoder().encode('报告 é 😀')), fc.integer({ min: 0x80, max: 0xff }), fc.integer({ min: 0x61, max: 0x7a })),
    { minLength: 1, maxLength: 12 },
  );
  const whole = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).map((text) => [...new TextEncoder().encode(text)]);
  fc.assert(
    fc.property(fc.oneof(mixed, whole), (values) => {
      // A letter in front keeps a picture's or an archive's signature out of it.
      const bytes = Uint8Array.from([0x61, ...values]);
      if (printable(bytes)) expect(mediaTypeOf(bytes) === 'text/plain').toBe(decodes(bytes));
    }),
    { numRuns: 2_000 },
  );
});
