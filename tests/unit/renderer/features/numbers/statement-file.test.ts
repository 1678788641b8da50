/** A statement is read in whichever of its two encodings it was written in. */
import { describe, expect, it } from 'vitest';
import { decodeStatement } from '../../../../../src-renderer/features/statements/read-statement-file';

describe('the bytes of a statement', () => {
  it('are read as UTF-8 where they are', () => {
    expect(decodeStatement(new TextEncoder().encode('结算单 Statement').buffer)).toEqual({ text: '结算单 Statement', encoding: 'UTF-8' });
  });

  it('are read as GBK where they are not', () => {
    const gbk = Uint8Array.from([0xbd, 0xe1, 0xcb, 0xe3, 0xb5, 0xa5]);
    expect(decodeStatement(gbk.buffer)).toEqual({ text: '结算单', encoding: 'GBK' });
  });
});
