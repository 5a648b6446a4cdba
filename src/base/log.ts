export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

export interface Log {
  write(level: LogLevel, message: string): void;
}

export const silentLog: Log = { write: () => {} };
