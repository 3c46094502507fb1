/** A person's events must be gone (LGPD art. 18, VI): whoever keeps events erases theirs. Topic `analytics.person-erased.v1`. */
export interface PersonErasedV1 {
  erasureId: string;
  /** As the tenant's events name the person. */
  userId: string;
  /** What happened until then is erased and never admitted again; what the person does later is new. */
  erasedAt: string;
}

export const personErasedV1Example: PersonErasedV1 = {
  erasureId: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6072',
  userId: '9f0c7a52-6f0e-4f0a-9c39-0d8f3c6f3a11',
  erasedAt: '2026-11-22T12:00:00.000Z',
};
