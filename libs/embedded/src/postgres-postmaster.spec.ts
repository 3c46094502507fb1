import { shutDown } from './postgres-postmaster';

// Elsewhere than on Linux the kernel itself may be a process with the number 0.
jest.mock('./process-identity', () => ({
  identityOf: (pid: number) => ({ pid, startedAt: 'the start of the machine' }),
  isStillRunning: () => false,
}));

it('signals nobody where there is no server: 0 would be everybody in our own group', async () => {
  const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  await shutDown(0);
  expect(kill).not.toHaveBeenCalled();
  kill.mockRestore();
});
