import { Injectable } from '@nestjs/common';
import { PersonNames } from '@libs/kernel';
import { ReportScope } from '../report-scope';
import { SessionPlace, SessionReader, SessionView } from './session.reader';

/** Sessions that began in the period, newest first. */
@Injectable()
export class ListSessions {
  constructor(
    private readonly names: PersonNames,
    private readonly reader: SessionReader,
  ) {}

  /** @returns one more than `limit` where there are more @throws MalformedUserId, ReportTooHeavy */
  async execute(
    { tenantId, appId, period: { from, to } }: ReportScope,
    input: { userId?: string; device?: string; country?: string; after?: SessionPlace; limit: number },
  ): Promise<SessionView[]> {
    const { device, country, after, limit } = input;
    const userId = input.userId === undefined ? undefined : this.names.of(tenantId, input.userId);
    return this.reader.list(tenantId, appId, { from, to, userId, device, country }, after, limit + 1);
  }
}
