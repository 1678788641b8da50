/** Between epoch milliseconds and what a date-and-time field shows, in this machine's zone. */

export function localInputOf(atMs: number): string {
  const date = new Date(atMs);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** Null for an empty or unreadable field. */
export function msOfLocalInput(text: string): number | null {
  const atMs = new Date(text).getTime();
  return text === '' || Number.isNaN(atMs) ? null : atMs;
}
