// What VS Code loads in its extension host to run a test bundle: mocha around it.
const path = require('node:path');
const Mocha = require('mocha');

/** Called by VS Code; a rejection is a failed run. */
exports.run = async () => {
  const mocha = new Mocha({ ui: 'bdd', timeout: 20_000, color: false, reporter: 'spec', grep: process.env.EDITOR_TESTS_GREP || undefined });
  mocha.addFile(path.resolve(__dirname, '../../dist/test/editor.js'));
  const failures = await new Promise((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
};
