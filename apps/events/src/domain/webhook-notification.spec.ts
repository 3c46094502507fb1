import { ToldDisabling, webhookNotification } from './webhook-notification';

const told: ToldDisabling = {
  webhookId: '019a2b3c-4d5e-7f60-9a1b-2c3d4e5f6090',
  host: 'integracao.estrela.example',
  reason: 'failing',
  disabledAt: new Date('2026-11-22T12:00:00.000Z'),
};

describe('the notification of a webhook that was given up', () => {
  it('says which, why, and what comes of it', () => {
    expect(webhookNotification(told)).toEqual({
      type: 'webhook_disabled',
      title: 'Webhook desativado: integracao.estrela.example',
      message:
        'Por três dias, nenhuma entrega foi aceita pelo destino. Nada mais será enviado até que o webhook seja reativado.',
      priority: 'high',
    });
    expect(webhookNotification({ ...told, reason: 'gone' }).message).toMatch(/^O destino respondeu/);
  });

  it.each(['constructor', 'something new'])('says no reason that it does not know: %s', (reason) => {
    expect(webhookNotification({ ...told, reason }).message).toBe(
      'Nada mais será enviado até que o webhook seja reativado.',
    );
  });

  it('is one line whatever the host is', () => {
    expect(webhookNotification({ ...told, host: 'a\nb\u202E' }).title).toBe('Webhook desativado: a b');
    expect(webhookNotification({ ...told, host: '' }).title).toBe('Webhook desativado');
  });
});
