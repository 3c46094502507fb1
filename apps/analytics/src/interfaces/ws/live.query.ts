import { AppIdParameter } from '../http/period.query';

/** The query string of what is told live. */
export class LiveQuery {
  @AppIdParameter() appId?: string;
}
