import { UniqueCount } from '../../domain/unique-count';

/** How many active visitors have a value; '' for those of whom nothing is known. */
export interface LiveValue {
  value: string;
  visitors: number;
}

/** What is going on in an application. Equal `asOf` and `seq` mean equal answers, whichever instance gives them. */
export interface LiveCounts {
  appId: string;
  timeZone: string;
  /** A whole second of the database's clock: all that is told is about the time before. */
  asOf: string;
  /** Changes with everything that is stored of the application; to be compared for equality alone. */
  seq: string;
  /** Did something in the last 5 minutes. */
  activeVisitors: UniqueCount;
  /** Not over yet: something happened in the last 30 minutes. */
  activeSessions: number;
  eventsLastMinute: number;
  eventsLast30Minutes: number;
  /** Where the active visitors are, most of them first, at most ten. */
  pages: LiveValue[];
  countries: LiveValue[];
  devices: LiveValue[];
}
