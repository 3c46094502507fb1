import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { AuditRecordedV1, topics } from '@libs/contracts';
import { TenantId } from '@libs/kernel';
import { Batch } from '@libs/messaging';
import { RecordServiceAudit } from '../../application/audit/record-service-audit';
import { serviceAudit } from '../../domain/service-audit';

/** When another service did something that a tenant's audit log must hold, it is written there. */
@Controller()
export class RecordOnAuditRecorded {
  constructor(private readonly recordServiceAudit: RecordServiceAudit) {}

  /** @throws ImpossibleAuditEntry; the transport then isolates and dead-letters what cannot be */
  @EventPattern(topics.auditRecorded)
  async handle(@Payload() batch: Batch<AuditRecordedV1>): Promise<void> {
    await this.recordServiceAudit.execute(
      batch.messages.map(({ envelope }) =>
        serviceAudit(envelope.payload, {
          tenantId: envelope.tenantId as TenantId,
          requestId: envelope.requestId,
        }),
      ),
    );
  }
}
