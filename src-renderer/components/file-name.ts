/** The name at the end of a path, for people: a file is told with its whole path, with the separator of the system. */

export function fileNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
