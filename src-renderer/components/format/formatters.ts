/** Numbers, money, dates and ages in the page's language. Unknown is never turned into a number here: callers show `UNKNOWN_MARK` with its reason. */
import { LAST_TIME_MS } from '#shared/contract/point-in-time';

export const UNKNOWN_MARK = '—';

/** A value is known when it is a finite number; NaN and null are both "not known" on this page. */
export function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** Whether a calendar has this moment: any other number would make the whole panel fail that shows it. */
function isMoment(atMs: number | null | undefined): atMs is number {
  return isKnown(atMs) && Math.abs(atMs) <= LAST_TIME_MS;
}

/** Decimals that a price tick asks for: 0.02 has two, 5 has none. */
export function decimalsOfTick(priceTick: number): number {
  for (let decimals = 0; decimals < 8; decimals += 1) {
    const scaled = priceTick * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-9 * Math.max(1, Math.abs(scaled))) return decimals;
  }
  return 8;
}

export type Formatters = {
  language: string;
  number(value: number | null | undefined, decimals?: number): string;
  /** With an explicit sign, for changes and residuals. */
  signed(value: number | null | undefined, decimals?: number): string;
  /** Two decimals and the currency's code or sign. */
  money(value: number | null | undefined, currency: string | null): string;
  /** 1.234 shown as 12.3 万 / 12.3K, for cells that are too small for all digits. */
  compact(value: number | null | undefined): string;
  /** A ratio (0.82) as 82.0 %. */
  percent(ratio: number | null | undefined, decimals?: number): string;
  price(value: number | null | undefined, priceTick: number | null | undefined): string;
  /** Hours, minutes, seconds of the local clock. */
  time(atMs: number | null | undefined): string;
  /** The same in a market's own zone; of the local clock when the zone is not known. */
  marketTime(atMs: number | null | undefined, timeZone: string | null): string;
  dateTime(atMs: number | null | undefined): string;
  /** Date and time of the market, in its own zone; of this machine where none is known. */
  marketDateTime(atMs: number | null | undefined, timeZone: string | null): string;
  /** `20260105` as a date; anything else is shown as it came. */
  tradingDay(day: string | null | undefined): string;
  bytes(count: number | null | undefined): string;
  /** A length of time in its two greatest units. */
  duration(lengthMs: number | null | undefined): string;
  /** A length of time in its greatest unit only. */
  roughDuration(lengthMs: number | null | undefined): string;
  /** `1:05` or `-0:12`, for clocks that count. */
  countdown(lengthMs: number): string;
};

const cache = new Map<string, Formatters>();

export function formattersFor(language: string): Formatters {
  let formatters = cache.get(language);
  if (formatters === undefined) {
    formatters = makeFormatters(language);
    cache.set(language, formatters);
  }
  return formatters;
}

function makeFormatters(language: string): Formatters {
  const numbers = new Map<string, Intl.NumberFormat>();
  const numberFormat = (key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    let format = numbers.get(key);
    if (format === undefined) {
      // What rounds to nothing has no sign: -0.001 at two decimals is 0.00.
      format = new Intl.NumberFormat(language, { signDisplay: 'negative', ...options });
      numbers.set(key, format);
    }
    return format;
  };
  const show = (value: number | null | undefined, key: string, options: Intl.NumberFormatOptions): string =>
    isKnown(value) ? numberFormat(key, options).format(value) : UNKNOWN_MARK;
  const fixed = (decimals: number): Intl.NumberFormatOptions => ({ minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const timeOptions: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
  const timeFormat = new Intl.DateTimeFormat(language, timeOptions);
  /** Null for a zone that this machine does not know: a time in another one would be a wrong time. */
  const inZone = (
    made: Map<string, Intl.DateTimeFormat | null>,
    options: Intl.DateTimeFormatOptions,
    timeZone: string,
  ): Intl.DateTimeFormat | null => {
    let format = made.get(timeZone);
    if (format === undefined) {
      try {
        format = new Intl.DateTimeFormat(language, { ...options, timeZone });
      } catch {
        format = null;
      }
      made.set(timeZone, format);
    }
    return format;
  };
  const zoned = new Map<string, Intl.DateTimeFormat | null>();
  const dateTimeOptions: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  };
  const dateTimeFormat = new Intl.DateTimeFormat(language, dateTimeOptions);
  const zonedDateTime = new Map<string, Intl.DateTimeFormat | null>();
  const dayFormat = new Intl.DateTimeFormat(language, { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' });
  const unit = (value: number, name: string): string =>
    numberFormat(`unit ${name}`, { style: 'unit', unit: name, unitDisplay: language === 'en' ? 'narrow' : 'short', maximumFractionDigits: 0 }).format(
      value,
    );

  return {
    language,
    number: (value, decimals = 0) => show(value, `n${decimals}`, fixed(decimals)),
    signed: (value, decimals = 2) => show(value, `s${decimals}`, { ...fixed(decimals), signDisplay: 'exceptZero' }),
    money: (value, currency) => {
      if (!isKnown(value)) return UNKNOWN_MARK;
      const isCurrencyCode = currency !== null && /^[A-Z]{3}$/.test(currency);
      if (isCurrencyCode) return show(value, `m${currency}`, { style: 'currency', currency, currencyDisplay: 'code', ...fixed(2) });
      return show(value, 'n2', fixed(2));
    },
    compact: (value) => show(value, 'c', { notation: 'compact', maximumSignificantDigits: 3 }),
    percent: (ratio, decimals = 1) => show(ratio, `p${decimals}`, { style: 'percent', ...fixed(decimals) }),
    price: (value, priceTick) => {
      if (isKnown(priceTick) && priceTick > 0) {
        const decimals = decimalsOfTick(priceTick);
        return show(value, `n${decimals}`, fixed(decimals));
      }
      return show(value, 'price', { maximumFractionDigits: 6 });
    },
    time: (atMs) => (isMoment(atMs) ? timeFormat.format(atMs) : UNKNOWN_MARK),
    marketTime: (atMs, timeZone) => {
      if (!isMoment(atMs)) return UNKNOWN_MARK;
      return (timeZone === null ? timeFormat : inZone(zoned, timeOptions, timeZone))?.format(atMs) ?? UNKNOWN_MARK;
    },
    dateTime: (atMs) => (isMoment(atMs) ? dateTimeFormat.format(atMs) : UNKNOWN_MARK),
    marketDateTime: (atMs, timeZone) => {
      if (!isMoment(atMs)) return UNKNOWN_MARK;
      return (timeZone === null ? dateTimeFormat : inZone(zonedDateTime, dateTimeOptions, timeZone))?.format(atMs) ?? UNKNOWN_MARK;
    },
    tradingDay: (day) => {
      const parts = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(day ?? '');
      if (parts === null) return day ?? UNKNOWN_MARK;
      return dayFormat.format(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])));
    },
    bytes: (count) => {
      if (!isKnown(count)) return UNKNOWN_MARK;
      const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
      let scaled = count;
      let index = 0;
      while (scaled >= 1000 && index < units.length - 1) {
        scaled /= 1000;
        index += 1;
      }
      const name = units[index] ?? 'byte';
      return numberFormat(`bytes ${name}`, { style: 'unit', unit: name, maximumFractionDigits: index === 0 ? 0 : 1 }).format(scaled);
    },
    duration: (lengthMs) => {
      if (!isKnown(lengthMs)) return UNKNOWN_MARK;
      const seconds = Math.max(0, Math.floor(lengthMs / 1000));
      if (seconds < 60) return unit(seconds, 'second');
      const minutes = Math.floor(seconds / 60);
      if (minutes < 60) return `${unit(minutes, 'minute')} ${unit(seconds % 60, 'second')}`;
      const hours = Math.floor(minutes / 60);
      if (hours < 48) return `${unit(hours, 'hour')} ${unit(minutes % 60, 'minute')}`;
      return `${unit(Math.floor(hours / 24), 'day')} ${unit(hours % 24, 'hour')}`;
    },
    roughDuration: (lengthMs) => {
      if (!isKnown(lengthMs)) return UNKNOWN_MARK;
      const seconds = Math.max(0, Math.floor(lengthMs / 1000));
      if (seconds < 60) return unit(seconds, 'second');
      if (seconds < 3600) return unit(Math.floor(seconds / 60), 'minute');
      if (seconds < 48 * 3600) return unit(Math.floor(seconds / 3600), 'hour');
      return unit(Math.floor(seconds / 86_400), 'day');
    },
    countdown: (lengthMs) => {
      const seconds = Math.trunc(Math.abs(lengthMs) / 1000);
      const hours = Math.floor(seconds / 3600);
      const minutes = Math.floor((seconds % 3600) / 60);
      const two = (value: number): string => String(value).padStart(2, '0');
      const digits = hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
      return lengthMs < 0 && seconds > 0 ? `-${digits}` : digits;
    },
  };
}
