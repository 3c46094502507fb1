import { Difference } from './rollup-correction';
import { Visit, VisitChanges } from './visit';

/** What must be removed and added so that the stored visits are those that the raw events come to. */
export function visitCorrection(stored: readonly Visit[], made: readonly Visit[]): VisitChanges {
  const kept = new Map(stored.map((visit) => [textOf(visit), visit]));
  const added = made.filter((visit) => !kept.delete(textOf(visit)));
  return { removed: [...kept.values()], added };
}

export function visitDifferences({ removed, added }: VisitChanges): Difference[] {
  return [
    ...removed.map((visit): Difference => ({ ...differing(visit), stored: toldOf(visit), raw: 'not so' })),
    ...added.map((visit): Difference => ({ ...differing(visit), stored: 'not so', raw: toldOf(visit) })),
  ];
}

function differing({ visitor, startedAt }: Visit): Pick<Difference, 'what' | 'which'> {
  return { what: 'session', which: `${visitor} ${startedAt}` };
}

function toldOf({ endedAt, events, pageViews }: Visit): string {
  return `until ${endedAt}, ${events} events, ${pageViews} pages`;
}

function textOf(visit: Visit): string {
  return JSON.stringify([
    visit.visitor,
    visit.startedAt,
    visit.endedAt,
    visit.events,
    visit.pageViews,
    visit.userId,
    visit.entryUrl,
    visit.exitUrl,
    visit.referrer,
    visit.device,
    visit.country,
  ]);
}
