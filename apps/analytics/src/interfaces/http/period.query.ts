import { applyDecorators, Injectable } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { check, isDay, isInstant, MayBeAbsent, PageQuery } from '@libs/http';
import { Clock, isUuid } from '@libs/kernel';
import { Principal, TenantDirectory } from '@libs/security';
import { ReportScope } from '../../application/report-scope';
import { ZoneOfTenant } from '../../application/zone-of-tenant';
import { dayAfter, dayAt, isTimeZone } from '../../domain/local-time';
import { DEFAULT_DAYS, MAX_DAYS, Period } from '../../domain/period';
import { InvalidPeriod } from '../../domain/period.errors';
import { ApplicationUnknown, WrongApp } from '../../domain/report.errors';

/** The parameters that every report has; for a query class that cannot extend one of these two. */
export const AppIdParameter = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      format: 'uuid',
      description: "The tenant's default application, unless it is named.",
    }),
    MayBeAbsent(),
    check('appId', 'malformed_app_id', isUuid, 'must be the id of an application'),
  );

export const StartDateParameter = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      example: '2026-11-01',
      description: `A calendar day of \`timeZone\`, or an RFC 3339 instant. ${DEFAULT_DAYS} days before the end unless it is given.`,
    }),
    MayBeAbsent(),
    check('startDate', 'malformed_start_date', isTime, TIME),
  );

export const EndDateParameter = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      example: '2026-11-30',
      description: `Of the same kind as \`startDate\`, at most ${MAX_DAYS} days later: a day is included, an instant is not. Now unless it is given.`,
    }),
    MayBeAbsent(),
    check('endDate', 'malformed_end_date', isTime, TIME),
  );

export const TimeZoneParameter = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      example: 'America/Sao_Paulo',
      description: "An IANA name: whose days and hours are told. The tenant's unless it is given.",
    }),
    MayBeAbsent(),
    check('timeZone', 'unknown_time_zone', isTimeZone, 'must be the IANA name of a time zone', true),
  );

const TIME = 'must be a calendar day written YYYY-MM-DD, or an RFC 3339 time with an offset';

/** The query string of a report. */
export class PeriodQuery {
  @AppIdParameter() appId?: string;
  @StartDateParameter() startDate?: string;
  @EndDateParameter() endDate?: string;
  @TimeZoneParameter() timeZone?: string;
}

/** The query string of a list that is about an application over a time. */
export class PagedPeriodQuery extends PageQuery {
  @AppIdParameter() appId?: string;
  @StartDateParameter() startDate?: string;
  @EndDateParameter() endDate?: string;
  @TimeZoneParameter() timeZone?: string;
}

/** Makes of a query string and of who asks what the report is about. */
@Injectable()
export class ReportScopes {
  constructor(
    private readonly directory: TenantDirectory,
    private readonly zones: ZoneOfTenant,
    private readonly clock: Clock,
  ) {}

  /** @throws WrongApp, ApplicationUnknown, InvalidPeriod, PeriodTooLong */
  async of(query: PeriodQuery, principal: Principal): Promise<ReportScope> {
    const { tenantId } = principal;
    const appId = this.appOf(query.appId, principal);
    const period = periodOf(query, await this.zones.of(tenantId), this.clock.now());
    return { tenantId, appId, tenantZone: await this.zones.ofDays(tenantId), period };
  }

  /** The application asked for; a key's own, or the tenant's default one. @throws WrongApp, ApplicationUnknown */
  appOf(asked: string | undefined, principal: Principal): string {
    if (principal.kind === 'key') {
      if (asked !== undefined && asked !== principal.appId) throw new WrongApp();
      return principal.appId;
    }
    const appId = asked ?? this.directory.byId(principal.tenantId)?.defaultAppId;
    if (appId === undefined) throw new ApplicationUnknown();
    return appId;
  }
}

/** @throws InvalidPeriod, PeriodTooLong */
export function periodOf(query: PeriodQuery, tenantZone: string, now: Date): Period {
  const { startDate, endDate, timeZone = tenantZone } = query;
  if (startDate === undefined && endDate === undefined) return Period.last(DEFAULT_DAYS, now, timeZone);
  const kinds = [startDate, endDate].filter((time) => time !== undefined).map((time) => isDay(time));
  if (kinds.length === 2 && kinds[0] !== kinds[1])
    throw new InvalidPeriod('`startDate` and `endDate` are both calendar days, or both instants.');
  if (kinds[0]) {
    const last = endDate ?? dayAt(now.getTime(), timeZone);
    return Period.ofDays(startDate ?? dayAfter(last, 1 - DEFAULT_DAYS), last, timeZone);
  }
  const to = endDate === undefined ? Period.last(1, now, timeZone).to : instantOf(endDate);
  const from =
    startDate === undefined ? new Date(to.getTime() - DEFAULT_DAYS * 86_400_000) : instantOf(startDate);
  return Period.ofInstants(from, to, timeZone);
}

function isTime(value: unknown): boolean {
  return isDay(value) || (typeof value === 'string' && isInstant(plus(value)));
}

function instantOf(text: string): Date {
  return new Date(plus(text));
}

/** "+" in a query string means a space, and few clients escape it. */
function plus(text: string): string {
  return text.replace(' ', '+');
}
