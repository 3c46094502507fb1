import { plainArray, textArray } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { DimensionDelta, RollupDelta } from '../../domain/rollup-delta';
import { fitValues, MOST_VALUES } from '../../domain/value-room';

export type GroupKey = Pick<Group, 'tenantId' | 'appId' | 'eventType' | 'bucket'>;

interface Group extends DimensionDelta {
  tenantId: TenantId;
  appId: string;
  /** Of the values there is no room for. */
  remainder: number;
}

/** The values that dimensions gain, group by group (application, type, dimension, bucket), as columns of SQL. */
export class DimensionRows {
  constructor(private readonly groups: readonly Group[]) {}

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

export function dimensionGroups(delta: RollupDelta): DimensionRows {
  return new DimensionRows(
    delta.apps.flatMap(({ tenantId, appId, dimensions }) =>
      [...dimensions.values()].map((dimension) => ({ ...dimension, tenantId, appId, remainder: 0 })),
    ),
  );
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
