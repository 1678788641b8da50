/** Keeps what checks people's secrets in a file of its own that only this user can read: the journal never forgets, so none of it may enter there. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { fileStamp, replaceFile, unusedPath } from '#engine/store/files';

export class KeyringFile {
  readonly path: string;
  /** Where an unreadable file was put, so that a person can look at it; null when all was well. */
  setAside: string | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** Undefined when there is none yet. An unreadable file is kept under another name: people then need one-time codes, and nothing is lost silently. */
  read(nowMs: number): unknown {
    if (!existsSync(this.path)) return undefined;
    try {
      return JSON.parse(readFileSync(this.path, 'utf8')) as unknown;
    } catch {
      this.keepAside(nowMs);
      return undefined;
    }
  }

  keepAside(nowMs: number): void {
    this.setAside = unusedPath(`${this.path}-unreadable-${fileStamp(nowMs)}`, '.json');
    renameSync(this.path, this.setAside);
  }

  /** The whole file at once, flushed; throws what the disk throws, leaving the file as it was. */
  write(content: unknown): void {
    replaceFile(this.path, JSON.stringify(content));
  }
}
