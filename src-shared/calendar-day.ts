/** Days as eight digits, YYYYMMDD: whether there is such a day. */

/** Eight digits may still be the 32nd of the 13th month. */
export function isCalendarDay(day: string): boolean {
  if (!/^\d{8}$/.test(day)) return false;
  const [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(4, 6)), Number(day.slice(6, 8))];
  const at = new Date(Date.UTC(year, month - 1, date));
  return at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === date;
}
