// npm start: the example losses in VS Code with the extension loaded. The desktop's `code` if there is one, else VS Code in the browser.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newest } from './install.mjs';
import { addressOf, startServer } from './launch.mjs';

// A copy, so that playing with the examples does not change the project.
const parent = await mkdtemp(path.join(tmpdir(), 'loss-inspector-'));
const folder = path.join(parent, 'example losses');
await cp('media/examples', folder, { recursive: true });
const extension = path.resolve('.');
const first = path.join(folder, 'smoothing.py');

const code = process.platform === 'win32' ? 'code.cmd' : 'code';
const desktop = spawnSync(code, [`--extensionDevelopmentPath=${extension}`, '--new-window', folder, first], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (desktop.error || desktop.status !== 0) {
  const token = randomBytes(16).toString('hex');
  const server = await startServer({ version: newest, forTests: false, installed: extension, token, port: Number(process.env.PORT ?? 0) });
  const address = addressOf(server, { folder, token, open: first });
  console.log(`\nVS Code with Loss Inspector and its examples (Ctrl+C ends it):\n\n  ${address}\n`);
  const end = async () => {
    await server.stop();
    await rm(parent, { recursive: true, force: true });
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end());
}
