import { MetricsOfThread, ReadinessReport } from '@libs/http';
import { LoggingSettings } from '@libs/logging';
import { BackgroundSettings } from './background-applications';

/** What the thread is started with. */
export interface BackgroundStart {
  settings: BackgroundSettings;
  level: LoggingSettings['level'];
}

/** What can be asked of the thread, and what it answers. */
export interface Answers {
  /** By application. */
  readiness: Record<string, ReadinessReport>;
  metrics: MetricsOfThread;
  close: undefined;
}
export type Question = keyof Answers;

export interface Asked {
  id: number;
  question: Question;
}

/** What the thread tells: that it consumes, that it cannot start, an answer, a line for the log. */
export type Told =
  | { kind: 'started' }
  /** With the problems of a ConfigError: an error's class does not get across. */
  | { kind: 'failed'; error: Error; problems?: readonly string[] }
  | { kind: 'answer'; id: number; answer: Answers[Question] }
  | { kind: 'refusal'; id: number; error: Error }
  | { kind: 'line'; line: string; urgent: boolean };
