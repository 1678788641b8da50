/** The one shape in which store, journal and desk tell the log what happened: a code and values, put into words elsewhere. */
export type LogLevel = 'info' | 'warn' | 'error';
export type LogParams = Readonly<Record<string, string | number | boolean | null>>;
export type Log = (level: LogLevel, code: string, params: LogParams) => void;

export const silentLog: Log = () => undefined;
