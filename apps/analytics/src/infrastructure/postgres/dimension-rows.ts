import { plainArray, textArray } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { Dimension, DIMENSIONS } from '../../domain/dimensions';
import { fitValues, MOST_VALUES } from '../../domain/value-room';
import { QuarterRow } from './quarter-rows';

export type GroupKey = Pick<Group, 'tenantId' | 'appId' | 'eventType' | 'bucket'>;

interface Group {
  tenantId: TenantId;
  appId: string;
  eventType: string;
  dimension: Dimension;
  bucket: string;
  values: ReadonlyMap<string, number>;
  /** Of the values there is no room for. */
  remainder: number;
}

/** The values that dimensions gain, group by group (application, type, dimension, bucket), as columns of SQL. */
export class DimensionRows {
  private constructor(private readonly groups: readonly Group[]) {}

  /** Of those quarters that do not keep their values themselves. */
  static of(rows: readonly QuarterRow[]): DimensionRows {
    const groups: Group[] = [];
    for (const { tenantId, appId, eventType, bucket, values: told } of rows) {
      if (!told || told.few) continue;
      for (const [place, values] of told.counts().entries())
        groups.push({
          tenantId,
          appId,
          eventType,
          dimension: DIMENSIONS[place]!,
          bucket,
          values,
          remainder: 0,
        });
    }
    return new DimensionRows(groups);
  }

  get isEmpty(): boolean {
    return this.groups.length === 0;
  }

  /** Those that may not have room for all they gain. @param known how many values a group has already, or at the most */
  crowded(known: (group: GroupKey, place: number) => number): DimensionRows {
    return new DimensionRows(
      this.groups.filter((group, place) => group.values.size + known(group, place) > MOST_VALUES),
    );
  }

  /** Leaves to each group the values it has room for. @param known those it has already */
  fit(known: readonly { place: number; value: string }[]): void {
    const byPlace = Map.groupBy(known, ({ place }) => place - 1);
    for (const [place, group] of this.groups.entries()) {
      const there = new Set(byPlace.get(place)?.map(({ value }) => value));
      Object.assign(group, fitValues(there, group.values));
    }
  }

  keyColumns(): string[] {
    return columnsOf(this.groups);
  }

  columns(): string[] {
    const rows = this.groups.flatMap((group) => {
      const ofGroup: { group: Group; value: string | undefined; events: number }[] = [];
      for (const [value, events] of group.values) ofGroup.push({ group, value, events });
      if (group.remainder > 0) ofGroup.push({ group, value: undefined, events: group.remainder });
      return ofGroup;
    });
    return [
      ...columnsOf(rows.map(({ group }) => group)),
      textArray(rows.map(({ value }) => value)),
      plainArray(rows.map(({ events }) => events)),
    ];
  }
}

function columnsOf(groups: readonly Group[]): string[] {
  return [
    plainArray(groups.map(({ tenantId }) => tenantId)),
    plainArray(groups.map(({ appId }) => appId)),
    textArray(groups.map(({ eventType }) => eventType)),
    plainArray(groups.map(({ dimension }) => dimension)),
    plainArray(groups.map(({ bucket }) => bucket)),
  ];
}
