/** Compiles the minimal loop and lays a book's positions out for it, flat and un-netted, sorted by instrument as suits it best. */
import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';
import type { KernelColumns } from '#engine/book/kernel/layout';
import type { FlatBook } from '#tests/bench/kernel/flat-book';

type Exports = {
  memory: WebAssembly.Memory;
  valuePositions(...args: number[]): void;
  valueColumns(...args: number[]): void;
  valuePairs(...args: number[]): void;
};

async function instantiate(): Promise<Exports> {
  const source = readFileSync(new URL('./minimal-loop.asc', import.meta.url), 'utf8');
  let binary: Uint8Array<ArrayBuffer> | null = null;
  const { error, stderr } = await asc.main(
    ['loop.ts', '-O3', '--converge', '--runtime', 'stub', '--noAssert', '--initialMemory', '1', '--use', 'abort=', '--outFile', 'loop.wasm'],
    {
      readFile: (name: string) => (name === 'loop.ts' ? source : null),
      writeFile: (name: string, contents: unknown) => {
        if (name === 'loop.wasm' && contents instanceof Uint8Array) binary = new Uint8Array(contents);
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === null) throw new Error(`the minimal loop does not compile: ${stderr?.toString() ?? ''}`);
  const module = new WebAssembly.Module(binary);
  return new WebAssembly.Instance(module, {}).exports as unknown as Exports;
}

/** Places typed arrays one after another in a memory, 64-byte aligned. */
class Placer {
  readonly #memory: WebAssembly.Memory;
  #at = 1024;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  put(array: Float64Array | Int32Array): number {
    const at = (this.#at + 63) & ~63;
    this.#at = at + array.byteLength;
    const missing = this.#at - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / 65536));
    new Uint8Array(this.#memory.buffer, at, array.byteLength).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return at;
  }
}

export async function createMinimalLoop(book: FlatBook): Promise<() => void> {
  const wasm = await instantiate();
  const placer = new Placer(wasm.memory);
  const order = Int32Array.from(book.instrument.keys()).sort((a, b) => (book.instrument[a] ?? 0) - (book.instrument[b] ?? 0));
  const sorted = (column: Float64Array): Float64Array => Float64Array.from(order, (from) => column[from] ?? 0);
  const instrument = placer.put(Int32Array.from(order, (from) => book.instrument[from] ?? 0));
  const account = placer.put(Int32Array.from(order, (from) => book.account[from] ?? 0));
  const columns = [sorted(book.k), sorted(book.c), sorted(book.rate), book.price, book.base].map((column) => placer.put(column));
  const outputs = [0, 1, 2].map(() => placer.put(new Float64Array(book.accountCount)));
  return () => wasm.valuePositions(order.length, book.accountCount, instrument, account, ...columns, ...outputs);
}

/** The minimal loop over copies of the kernel's own columns. `degreesOf` reads its answer. */
export async function createMinimalColumnLoop(
  columns: KernelColumns,
  counts: { instruments: number; entries: number; groups: number; accounts: number },
): Promise<{ run: () => void; degrees: () => Float64Array }> {
  const wasm = await instantiate();
  const placer = new Placer(wasm.memory);
  const names = [
    'price',
    'slotStart',
    'slotCount',
    'slotAccount',
    'slotK',
    'slotC',
    'entryInstrument',
    'entryGroup',
    'entryFixed',
    'entrySlope',
    'groupSides',
    'groupAccount',
  ] as const;
  const inputs = names.map((name) => placer.put(columns[name]));
  const base = placer.put(Float64Array.from({ length: counts.accounts }, (_, account) => (columns.accountInput[account * 3] ?? 0) * 10_000));
  const outputs = [0, 1, 2, 3, 4].map(() => placer.put(new Float64Array(counts.accounts)));
  const degreeAt = outputs[3] ?? 0;
  return {
    run: () => wasm.valueColumns(counts.instruments, counts.entries, counts.groups, counts.accounts, ...inputs, base, ...outputs),
    degrees: () => new Float64Array(wasm.memory.buffer, degreeAt, counts.accounts).map((degree) => degree * 10_000),
  };
}

/** The same without margins: what the kernel has to do when no margin follows a price. */
export async function createMinimalPairLoop(columns: KernelColumns, counts: { instruments: number; accounts: number }): Promise<() => void> {
  const wasm = await instantiate();
  const placer = new Placer(wasm.memory);
  const names = ['price', 'slotStart', 'slotCount', 'slotAccount', 'slotK', 'slotC', 'margin', 'exchangeMargin'] as const;
  const inputs = names.map((name) => placer.put(columns[name]));
  const base = placer.put(Float64Array.from({ length: counts.accounts }, (_, account) => (columns.accountInput[account * 3] ?? 0) * 10_000));
  const outputs = [0, 1, 2].map(() => placer.put(new Float64Array(counts.accounts)));
  return () => wasm.valuePairs(counts.instruments, counts.accounts, ...inputs, base, ...outputs);
}
