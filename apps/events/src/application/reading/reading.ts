/** What a list is narrowed to; all that are given must hold. */
export interface ReadingFilter {
  userId?: string;
  type?: string;
  /** Both included. */
  from?: Date;
  to?: Date;
}

/** A place in a list, newest first: just after this one. */
export interface Place {
  occurredAt: Date;
  id: string;
}
