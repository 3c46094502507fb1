import { bootOrExit, defineConfig, integer, string } from '../src/index';

const config = defineConfig({
  port: integer('BOOT_PORT', { about: 'A port.' }),
  secret: string('BOOT_SECRET', { secret: true, minLength: 20, about: 'A secret.' }),
});

/** A process as the apps are, for the test of how they end. */
void bootOrExit('boot', async () => {
  const { port } = config.parse(process.env);
  setInterval(() => undefined, 60_000); // what a half-started process would hang on
  if (port === 1) throw new Error('the port is taken');
  if (port === 2) process.exit();
});
