/** Makes the alert sounds from sine tones, so that they belong to nobody else: `node scripts/make-sounds.mjs` writes resources/sounds/*.wav. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RATE = 22_050;
/** Hertz (0 is silence) and seconds. Graver is higher, faster and more often; low is a single soft tone. */
const SOUNDS = {
  critical: [
    [988, 0.12],
    [0, 0.05],
    [988, 0.12],
    [0, 0.05],
    [1319, 0.22],
    [0, 0.1],
    [988, 0.12],
    [0, 0.05],
    [1319, 0.22],
  ],
  high: [
    [784, 0.15],
    [0, 0.07],
    [988, 0.2],
  ],
  medium: [
    [659, 0.18],
    [0, 0.05],
    [587, 0.2],
  ],
  low: [[523, 0.2]],
};

const folder = join(import.meta.dirname, '..', 'resources', 'sounds');
mkdirSync(folder, { recursive: true });
for (const [name, tones] of Object.entries(SOUNDS)) {
  const samples = tones.flatMap(([hertz, seconds]) => tone(hertz, seconds));
  writeFileSync(join(folder, `${name}.wav`), wav(samples));
}

function tone(hertz, seconds) {
  const count = Math.round(RATE * seconds);
  const edge = Math.min(RATE * 0.012, count / 2);
  return Array.from({ length: count }, (_, index) => {
    const envelope = Math.min(1, index / edge, (count - index) / edge);
    const at = (2 * Math.PI * hertz * index) / RATE;
    return hertz === 0 ? 0 : envelope * (0.5 * Math.sin(at) + 0.12 * Math.sin(2 * at));
  });
}

function wav(samples) {
  const data = Buffer.alloc(samples.length * 2);
  for (const [index, sample] of samples.entries()) data.writeInt16LE(Math.round(sample * 32_000), index * 2);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
