import { TenantTransaction } from '@libs/kernel';

/** Where reports are read: on the replica where there is one. Nothing can be written in it. */
export abstract class ReportTransaction extends TenantTransaction {}
