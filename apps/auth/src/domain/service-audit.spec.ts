import { auditRecordedV1Example } from '@libs/contracts';
import { newId, TenantId } from '@libs/kernel';
import { ImpossibleAuditEntry, serviceAudit } from './service-audit';

const FROM = { tenantId: newId<TenantId>(), requestId: 'r-1' };

describe('an audit entry of another service', () => {
  it('is taken as its producers write it, with when it happened among the details', () => {
    expect(serviceAudit(auditRecordedV1Example, FROM)).toEqual({
      ...FROM,
      entryId: auditRecordedV1Example.entryId,
      action: 'events.person_exported',
      actor: { kind: 'person', id: auditRecordedV1Example.actorId },
      target: auditRecordedV1Example.target,
      details: { events: '42', happenedAt: '2026-11-22T12:00:00.000Z' },
    });
  });

  it('may be of what nobody but the platform did', () => {
    const claim = {
      ...auditRecordedV1Example,
      action: 'analytics.webhook_disabled',
      actorKind: 'system',
      actorId: '',
    };
    expect(serviceAudit(claim, FROM)).toMatchObject({
      action: 'analytics.webhook_disabled',
      actor: { kind: 'system' },
    });
  });

  it.each([
    ['an action of our own', { action: 'session.opened' }],
    ['an action nobody knows', { action: 'events.something' }],
    ['no action', { action: undefined }],
    ['an id that is none', { entryId: '1' }],
    ['an actor that is an e-mail', { actorId: 'dona@padaria.example' }],
    ['the system under a name', { actorKind: 'system' }],
    ['a person without one', { actorId: '' }],
    ['an operator for an actor', { actorKind: 'operator' }],
    ['a target with a line break', { target: 'a\nb' }],
    ['a target without end', { target: 'x'.repeat(257) }],
    ['details that nest', { details: { a: { b: 'c' } } }],
    ['details without end', { details: Object.fromEntries([...'abcdefghijklmnopq'].map((k) => [k, 'v'])) }],
    ['a detail of a strange name', { details: { 'a.b': 'c' } }],
    ['no details', { details: null }],
    ['a time that is none', { occurredAt: 'yesterday' }],
  ])('is refused with %s', (_, changes) => {
    expect(() => serviceAudit({ ...auditRecordedV1Example, ...changes }, FROM)).toThrow(ImpossibleAuditEntry);
  });
});
