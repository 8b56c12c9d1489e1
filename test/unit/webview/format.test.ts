import assert from 'node:assert/strict';
import {
  formatConstant,
  formatCount,
  formatDifference,
  formatDistance,
  formatLoss,
  formatPercent,
  tensorFormatter,
} from '../../../webview/format';

describe('numbers as the page writes them', () => {
  const table: readonly (readonly [string, string])[] = [
    [formatLoss(0.9137259125709534), '0.913726'],
    [formatLoss(-0.5), '−0.500000'],
    [formatLoss(0.00012345678), '1.23457e−4'],
    [formatLoss(1234567), '1.23457e6'],
    [formatLoss('nan'), 'NaN'],
    [formatLoss('-inf'), '−∞'],
    [formatLoss(null), '–'],
    [formatDifference(0), '0'],
    [formatDifference(0.125), '+0.125000'],
    [formatDifference(-0.125), '−0.125000'],
    [formatDifference(-0.000690192), '−6.902e−4'],
    [formatDifference(1.1920929e-7), '+1.192e−7'],
    [formatPercent(-0.0456), '−4.56 %'],
    [formatPercent(0.5), '+50.00 %'],
    [formatPercent(1e-7), '+1.0e−5 %'],
    [formatPercent(0), '0.00 %'],
    [formatDistance(0.016666680574417114), '0.0167'],
    [formatDistance(2.98e-8), '2.98e−8'],
    [formatDistance(0), '0'],
    [formatCount(0), '0'],
    [formatCount(699050), '699\u202f050'],
    [formatCount(6616800), '6.6e6'],
    [formatConstant(0.9), '0.9'],
    [formatConstant(0.1 / 3), '0.0333333'],
    [formatConstant(100), '100'],
    [formatConstant(1200000), '1.2e6'],
    [formatConstant(-1e-7), '−1e−7'],
    [formatConstant(1.5e-20), '1.5e−20'],
    [formatConstant(1e-10), '1e−10'],
  ];
  for (const [written, wanted] of table) {
    it(wanted, () => {
      assert.equal(written, wanted);
    });
  }

  it('writes a tensor’s entries all alike', () => {
    assert.deepEqual([0.05, 0.9].map(tensorFormatter([0.05, 0.9], false)), ['0.0500', '0.9000']);
    assert.deepEqual([1, -2].map(tensorFormatter([1, -2], true)), ['1', '−2']);
    assert.deepEqual([1, 2].map(tensorFormatter([1, 2], false)), ['1', '2']);
    assert.deepEqual([1e-7, 0.5].map(tensorFormatter([1e-7, 0.5], false)), ['1.00e−7', '5.00e−1']);
    assert.deepEqual((['nan', 'inf', 0.5] as const).map(tensorFormatter(['nan', 'inf', 0.5], false)), ['NaN', '∞', '0.5000']);
  });
});
