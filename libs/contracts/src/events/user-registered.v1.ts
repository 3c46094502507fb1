/** A person became a user of a tenant. Topic `auth.user-registered.v1`. */
export interface UserRegisteredV1 {
  userId: string;
  role: string;
}

export const userRegisteredV1Example: UserRegisteredV1 = {
  userId: '019a2b3c-0000-7000-8000-000000000001',
  role: 'owner',
};
