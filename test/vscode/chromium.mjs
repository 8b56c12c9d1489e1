// Finds a Chromium to drive: CHROMIUM, or the usual places; on Debian as root, installs one.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const places = [
  ...(process.env.PATH ?? '').split(path.delimiter).flatMap((folder) => names.map((name) => path.join(folder, name))),
  '/usr/lib/chromium/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function executable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a Chromium; throws one line that says how to get one. */
export function findChromium(say = console.log) {
  const chosen = process.env.CHROMIUM;
  if (chosen) {
    if (executable(chosen)) return chosen;
    throw new Error(`CHROMIUM=${chosen} cannot be executed`);
  }
  const found = places.find(executable);
  if (found) return found;
  if (process.getuid?.() === 0 && executable('/usr/bin/apt-get')) {
    say('installing Chromium with apt-get');
    const apt = (...args) =>
      spawnSync('apt-get', ['-qq', '-y', ...args], { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    if (apt('update').status === 0 && apt('install', '--no-install-recommends', 'chromium', 'fonts-dejavu-core').status === 0)
      return '/usr/bin/chromium';
  }
  throw new Error('no Chromium was found: install one (Debian: apt-get install chromium) or set CHROMIUM to its path');
}
