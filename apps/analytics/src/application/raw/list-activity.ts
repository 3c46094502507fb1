import { Injectable } from '@nestjs/common';
import { PersonNames } from '@libs/kernel';
import { ReportScope } from '../report-scope';
import { ActivityPlace, ActivityView, PersonReader } from './person.reader';

/** What one person did, newest first. */
@Injectable()
export class ListActivity {
  constructor(
    private readonly names: PersonNames,
    private readonly reader: PersonReader,
  ) {}

  /** @returns one more than `limit` where there are more @throws MalformedUserId, ReportTooHeavy */
  async execute(
    { tenantId, appId, period: { from, to } }: ReportScope,
    input: { userId: string; eventType?: string; after?: ActivityPlace; limit: number },
  ): Promise<ActivityView[]> {
    const { eventType, after, limit } = input;
    const userId = this.names.of(tenantId, input.userId);
    return this.reader.activity(tenantId, appId, userId, { from, to, eventType }, after, limit + 1);
  }
}
