/** What the sinks hold of a person, in the order in which an erasure deletes it; insights go last, with their marks. */
export const ERASED_KINDS = ['userEvents', 'transactions', 'notifications', 'rejectedEvents'] as const;
export type ErasedKind = (typeof ERASED_KINDS)[number];
