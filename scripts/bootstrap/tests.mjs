/** Runs the tests and ends with one line of counts taken from the runner's own report. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foreground, projectNode, root } from './shared.mjs';

/**
 * @param {readonly string[]} args for the runner: `--project unit`, a part of a file name, `-t name`, …
 * @returns {Promise<number>} exit code: 0 only when tests ran and all of them passed
 */
export async function runTests(args) {
	const folder = mkdtempSync(join(tmpdir(), 'junkai-test-'));
	const report = join(folder, 'report.json');
	const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
	try {
		const end = await foreground(
			projectNode(),
			[vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
			{ cwd: root },
		);
		const { lines, failed } = summarise(readReport(report), end);
		// A blank line, so that the counts do not stick to the runner's own words.
		process.stdout.write(`\n${lines.join('\n')}\n`);
		return failed ? end.code || 1 : 0;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** @param {string} path */
function readReport(path) {
	try {
		return JSON.parse(readFileSync(path, 'utf8'));
	} catch {
		return null;
	}
}

/**
 * @param {any} report the runner's JSON report; null when it left none
 * @param {{ code: number | null, signal: NodeJS.Signals | null }} end
 * @returns {{ lines: string[], failed: boolean }} what to print, the counts last
 */
export function summarise(report, end) {
	const how = end.signal === null ? `exit code ${end.code}` : `signal ${end.signal}`;
	if (report === null)
		return { lines: [`The test runner ended without a report (${how}): no result.`, counts(0, 1, 0)], failed: true };
	const lines = [];
	// A file that fails before its first test has no test to count as failed.
	const broken = report.testResults.filter(
		(/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
	);
	for (const file of broken) lines.push(`${file.name} could not be run; counted as one failure.`);
	const passed = report.numPassedTests;
	const skipped = report.numPendingTests + report.numTodoTests;
	let failures = report.numFailedTests + broken.length;
	if (passed + failures === 0) {
		lines.push('No test was executed; counted as a failure.');
		failures = 1;
	} else if (failures === 0 && end.code !== 0) {
		lines.push(`The test runner reports errors outside any test (${how}); counted as a failure.`);
		failures = 1;
	}
	lines.push(counts(passed, failures, skipped));
	return { lines, failed: failures > 0 };
}

/** @param {number} passed @param {number} failed @param {number} skipped */
const counts = (passed, failed, skipped) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
