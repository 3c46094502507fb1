/** A tenant was made or its settings changed: the whole of what other services must know. Topic `auth.tenant-changed.v1`. */
export interface TenantChangedV1 {
  name: string;
  subdomain: string;
  /** IANA name, `America/Sao_Paulo`. */
  timeZone: string;
  status: 'active' | 'suspended';
  /** Origins its browsers may call from. */
  origins: string[];
  /** Custom domains whose ownership was proven. Absent in messages from before there were any. */
  domains?: string[];
  /** The application that events sent by token belong to. Absent in messages from before there were any. */
  defaultAppId?: string;
  /** Grows by one with each change: a consumer keeps the highest, whatever the order of arrival. */
  revision: number;
}

export const tenantChangedV1Example: TenantChangedV1 = {
  name: 'Padaria Estrela Ltda',
  subdomain: 'estrela',
  timeZone: 'America/Sao_Paulo',
  status: 'active',
  origins: ['https://app.estrela.example'],
  domains: ['pagamentos.estrela.example'],
  defaultAppId: '019a2b3c-0000-7000-8000-00000000000a',
  revision: 1,
};
