/** A tone made on the spot, so that a timer is heard without a file or a network. */
let context: AudioContext | null = null;

/** Two short tones; higher for what is late. A machine without sound stays silent: the screen says the same. */
export function beep(isLate: boolean): void {
  try {
    context ??= new AudioContext();
    const startAt = context.currentTime;
    for (const [index, frequency] of (isLate ? [880, 880, 880] : [660, 880]).entries()) {
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      oscillator.frequency.value = frequency;
      gain.gain.value = 0.12;
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(startAt + index * 0.22);
      oscillator.stop(startAt + index * 0.22 + 0.14);
    }
  } catch {
    // No sound device.
  }
}
