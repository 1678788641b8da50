/** Packs files into one zip in small parts: the thread that packs also computes risk. */
import { Zip, ZipDeflate } from 'fflate';

/** How much is packed before the engine does its other work again. */
const PART_BYTES = 256 * 1024;

/** With `mtime` the same files give the same bytes. Throws what the packer throws. */
export async function zipInParts(files: Readonly<Record<string, Uint8Array>>, mtime?: Date): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let fault: Error | null = null;
  const zip = new Zip((error, chunk) => {
    if (error === null) chunks.push(chunk);
    else fault = error;
  });
  for (const [name, bytes] of Object.entries(files)) {
    const item = new ZipDeflate(name, { level: 6 });
    if (mtime !== undefined) item.mtime = mtime;
    zip.add(item);
    for (let start = 0; start < bytes.length; start += PART_BYTES) {
      item.push(bytes.subarray(start, start + PART_BYTES));
      await new Promise((resolve) => setImmediate(resolve));
    }
    item.push(new Uint8Array(0), true);
  }
  zip.end();
  if (fault !== null) throw fault;
  return Buffer.concat(chunks);
}
