import { alertNotification, ToldIncident } from './alert-notification';

const fired: ToldIncident = {
  incidentId: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6080',
  state: 'fired',
  alertName: 'Pagamentos fora do normal',
  eventType: 'payment_completed',
  metric: 'events',
  kind: 'anomaly',
  direction: 'below',
  value: 1_212,
  expected: 14_305.5,
  timeZone: 'America/Sao_Paulo',
  windowFrom: new Date('2026-11-22T12:00:00.000Z'),
  windowTo: new Date('2026-11-22T13:00:00.000Z'),
  happenedAt: new Date('2026-11-22T13:01:00.000Z'),
};

describe('the notification of an alert', () => {
  it('says what, when by the tenant’s clocks, and against what', () => {
    expect(alertNotification(fired)).toEqual({
      type: 'alert',
      title: 'Alerta: Pagamentos fora do normal',
      message:
        'Em 22/11, das 9h00 às 10h00, foram 1.212 eventos de “payment_completed”, muito abaixo do normal para esse dia e horário (cerca de 14.305,5).',
      priority: 'high',
    });
  });

  it('names the bound of a threshold, and both days of a window over midnight', () => {
    const { message } = alertNotification({
      ...fired,
      kind: 'threshold',
      direction: 'above',
      metric: 'users',
      eventType: null,
      expected: 1_000,
      windowFrom: new Date('2026-11-22T02:45:00.000Z'),
      windowTo: new Date('2026-11-22T03:15:00.000Z'),
    });
    expect(message).toBe(
      'De 21/11 às 23h45 a 22/11 às 0h15, foram 1.212 usuários, acima do limite de 1.000.',
    );
  });

  it.each([
    [
      'calm',
      14_000,
      'Os números voltaram ao esperado: 14.000 eventos de “payment_completed” no último período.',
    ],
    ['calm', null, 'Os números voltaram ao esperado.'],
    ['changed', null, 'O alerta foi alterado e recomeça a observar.'],
    ['disabled', null, 'O alerta foi desativado.'],
    ['deleted', null, 'O alerta foi excluído.'],
    ['constructor', null, 'Os números voltaram ao esperado.'],
  ])('says why it is over: %s', (resolution, value, message) => {
    expect(alertNotification({ ...fired, state: 'resolved', resolution, value })).toMatchObject({
      title: 'Alerta encerrado: Pagamentos fora do normal',
      message,
    });
  });

  it('is one line whatever the alert is called', () => {
    const { title } = alertNotification({ ...fired, alertName: `a\nb\u202Ec${'x'.repeat(300)}` });
    expect(title).not.toMatch(/[\n\u202E]/);
    expect(title.length).toBeLessThan(100);
  });
});
