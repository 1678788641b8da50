/** GBK bytes of a text: the encoder that the platform lacks, turned round from its decoder, so that tests can write what counters print. */

let bytesOf: Map<string, readonly [number, number]> | null = null;

export function encodeGbk(text: string): Uint8Array {
  if (bytesOf === null) {
    const decoder = new TextDecoder('gb18030');
    bytesOf = new Map();
    for (let lead = 0x81; lead <= 0xfe; lead++) {
      for (let trail = 0x40; trail <= 0xfe; trail++) bytesOf.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
    }
  }
  const known = bytesOf;
  return Uint8Array.from([...text].flatMap((character) => (character < '\u0080' ? [character.charCodeAt(0)] : [...(known.get(character) ?? [])])));
}
