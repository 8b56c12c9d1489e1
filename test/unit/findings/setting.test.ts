import assert from 'node:assert/strict';
import packageJson from '../../../package.json';
import { rules } from '../../../src/findings/findings';
import { severities } from '../../../src/findings/severities';

describe('the setting lossInspector.rules', () => {
  const setting = packageJson.contributes.configuration.properties['lossInspector.rules'];

  it('offers every rule, by its id', () => {
    assert.deepEqual(setting.propertyNames.enum, rules.map(({ id }) => id).sort());
  });

  it('takes off and every severity', () => {
    assert.deepEqual(setting.additionalProperties.enum, ['off', ...severities]);
  });
});
