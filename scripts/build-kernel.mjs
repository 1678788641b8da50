// Compiles the valuation kernel (AssemblyScript) into a TypeScript module that carries it as base64, so that every runtime loads it without a file read.
// Runs only when the source is newer than the result. `--force` compiles anyway. Plain Node, no dependencies but assemblyscript.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sourceFile = join(root, 'src-main/engine/book/kernel/assembly/kernel.ts');
const targetFile = join(root, 'src-main/engine/book/kernel/kernel-wasm.generated.ts');
const compilerVersion = JSON.parse(readFileSync(join(root, 'node_modules/assemblyscript/package.json'), 'utf8')).version;
const options = ['-O3', '--converge', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--initialMemory', '1', '--use', 'abort='];

/** The result names what it was made from: a digest survives clones and caches, file times do not. */
export function kernelSourceDigest() {
  return createHash('sha256').update(readFileSync(sourceFile)).update(compilerVersion).update(options.join(' ')).digest('hex').slice(0, 16);
}

function currentDigest() {
  try {
    return /source: ([0-9a-f]{16})/.exec(readFileSync(targetFile, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

export async function buildKernel({ force = false } = {}) {
  const digest = kernelSourceDigest();
  if (!force && currentDigest() === digest) return { built: false, digest };
  const { default: asc } = await import('assemblyscript/asc');
  const source = readFileSync(sourceFile, 'utf8');
  let binary = null;
  const { error, stderr } = await asc.main(['kernel.ts', ...options, '--outFile', 'kernel.wasm'], {
    readFile: (name) => (name === 'kernel.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'kernel.wasm') binary = contents;
    },
    listFiles: () => [],
  });
  if (error || binary === null) throw new Error(`The kernel does not compile:\n${stderr?.toString() ?? error}`);
  const text = [
    '/** Made by scripts/build-kernel.mjs from assembly/kernel.ts; not edited and not committed. */',
    `// source: ${digest}`,
    `export const KERNEL_WASM_BASE64 =\n  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
  mkdirSync(dirname(targetFile), { recursive: true });
  const temporary = `${targetFile}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, targetFile);
  return { built: true, digest };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = await buildKernel({ force: process.argv.includes('--force') });
  console.log(result.built ? `kernel built (${result.digest})` : `kernel is current (${result.digest})`);
}
