/** Prints how many tests passed and failed, from the file that vitest's JSON reporter wrote; fails unless all passed. */
import { readFileSync } from 'node:fs';

const { passed, failed, again } = count(process.argv[2]);
for (const name of again) console.log(`passed at the second try: ${name}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** A run that broke off, or a file that could not be loaded, is a failure though no test of it failed. */
function count(file) {
  try {
    const { numPassedTests, numFailedTests, success, testResults } = JSON.parse(
      readFileSync(file, 'utf8'),
    );
    const unloaded = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    const again = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName }) => fullName);
    const failed = numFailedTests + unloaded.length;
    return { passed: numPassedTests, failed: success ? failed : Math.max(failed, 1), again };
  } catch {
    return { passed: 0, failed: 1, again: [] };
  }
}
