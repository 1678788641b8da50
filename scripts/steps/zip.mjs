/** Reads a zip without any dependency, because a fresh machine may lack `unzip` and only a part of the archive is wanted. */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const SYMLINK_MODE = 0o120000;

function read(file, position, length) {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const count = readSync(file, buffer, done, length - done, position + done);
    if (count === 0) throw new Error('the zip ends early');
    done += count;
  }
  return buffer;
}

function* directory(file) {
  const size = fstatSync(file).size;
  const tailLength = Math.min(size, 66_000);
  const tail = read(file, size - tailLength, tailLength);
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END_OF_DIRECTORY) at -= 1;
  if (at < 0) throw new Error('not a zip');
  const entries = read(file, tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12));
  for (let position = 0; position + 46 <= entries.length; ) {
    if (entries.readUInt32LE(position) !== DIRECTORY_ENTRY) throw new Error('the directory of the zip is damaged');
    const nameLength = entries.readUInt16LE(position + 28);
    yield {
      method: entries.readUInt16LE(position + 10),
      compressedSize: entries.readUInt32LE(position + 20),
      mode: entries.readUInt32LE(position + 38) >>> 16,
      headerAt: entries.readUInt32LE(position + 42),
      name: entries.toString('utf8', position + 46, position + 46 + nameLength),
    };
    position += 46 + nameLength + entries.readUInt16LE(position + 30) + entries.readUInt16LE(position + 32);
  }
}

/**
 * Unpacks the entries for which `targetOf(name)` answers a relative path (null leaves one out). Modes and symlinks are kept.
 * A path that would leave the folder is refused.
 */
export function unpackZip(zipFile, folder, targetOf) {
  const file = openSync(zipFile, 'r');
  try {
    for (const entry of directory(file)) {
      const target = entry.name.endsWith('/') ? null : targetOf(entry.name);
      if (target === null) continue;
      const path = join(folder, target);
      if (relative(folder, path).split(sep)[0] === '..') throw new Error(`the zip names a path outside its folder: ${entry.name}`);
      const header = read(file, entry.headerAt, 30);
      const dataAt = entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
      const packed = read(file, dataAt, entry.compressedSize);
      const data = entry.method === 0 ? packed : inflateRawSync(packed);
      mkdirSync(dirname(path), { recursive: true });
      if ((entry.mode & 0o170000) === SYMLINK_MODE) symlinkSync(data.toString('utf8'), path);
      else writeFileSync(path, data, { mode: entry.mode & 0o777 || 0o644 });
    }
  } finally {
    closeSync(file);
  }
}
