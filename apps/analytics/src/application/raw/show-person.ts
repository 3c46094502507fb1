import { Injectable } from '@nestjs/common';
import { PersonNames } from '@libs/kernel';
import { PersonUnknown } from '../../domain/raw-report.errors';
import { ReportScope } from '../report-scope';
import { PersonProfile, PersonReader } from './person.reader';

/** One person, as an application knows them. Never cached: a copy elsewhere would outlive their erasure. */
@Injectable()
export class ShowPerson {
  constructor(
    private readonly names: PersonNames,
    private readonly reader: PersonReader,
  ) {}

  /** @throws MalformedUserId, PersonUnknown, ReportTooHeavy */
  async execute(
    { tenantId, appId, period }: ReportScope,
    text: string,
  ): Promise<PersonProfile & { userId: string }> {
    const userId = this.names.of(tenantId, text);
    const profile = await this.reader.profile(tenantId, appId, userId, period);
    if (!profile) throw new PersonUnknown();
    return { userId, ...profile };
  }
}
