import { DemoWriteKey } from './demo/demo-write-key';
import { TestKeyController } from './test-key.controller';

describe('the key of the test page', () => {
  const controller = new TestKeyController({ writeKey: 'mf_live_demo' } as DemoWriteKey);

  it.each([
    'localhost',
    'localhost:3000',
    'LocalHost:3000',
    'demo.localhost:3000',
    '127.0.0.1:3000',
    '127.9.9.9',
    '[::1]',
    '[::1]:3000',
  ])('is told to a page of this machine, %s', (host) =>
    expect(controller.show(host)).toEqual({ writeKey: 'mf_live_demo' }),
  );

  it.each([
    undefined,
    '',
    'rebound.example:3000',
    'localhost.example',
    'notlocalhost',
    '127.0.0.1.example',
    'localhost:3000@x.example',
    '192.168.0.7:3000',
    '[::2]',
  ])('is told to no page of another name, %s', (host) => expect(controller.show(host)).toEqual({}));
});
