// npm start: the example losses in VS Code with the extension loaded. The desktop's `code` if there is one, else VS Code in the browser.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { newest } from './install.mjs';
import { addressOf, copyOf, startServer } from './launch.mjs';

const folder = await copyOf('media/examples');
const extension = path.resolve('.');

const desktop = spawnSync('code', [`--extensionDevelopmentPath=${extension}`, '--new-window', folder, path.join(folder, 'smoothing.py')], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (desktop.error || desktop.status !== 0) {
  const token = randomBytes(16).toString('hex');
  const server = await startServer({
    version: newest,
    forTests: false,
    token,
    port: Number(process.env.PORT ?? 0),
    settings: { 'workbench.startupEditor': 'readme' },
  });
  console.log(`\nVS Code with Loss Inspector and its examples (Ctrl+C ends it):\n\n  ${addressOf(server, { folder, extension, token })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void server.stop().then(() => process.exit(0)));
}
