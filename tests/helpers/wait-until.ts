/** Tests wait for a state, never for a duration: looks again and again until it holds, and says what was missing when it never does. */
export async function waitUntil(what: string, isTrue: () => boolean, timeoutMs = 10_000): Promise<void> {
  const startMs = performance.now();
  while (!isTrue()) {
    if (performance.now() - startMs > timeoutMs) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
