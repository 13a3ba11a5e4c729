/** The static checks: types, lint, format, unused code, generated pages. Each takes one line unless it has something to say. */
import { join } from 'node:path';
import { bin, capture, projectNode, root } from './shared.mjs';

const checks = [
	{ name: 'types', file: bin('tsc'), args: ['-b'], cure: '' },
	{ name: 'lint', file: bin('oxlint'), args: ['--type-aware', '--deny-warnings'], cure: '' },
	{ name: 'format', file: bin('prettier'), args: ['--check', '--log-level', 'warn', '.'], cure: 'mend it with: npm run format' },
	{ name: 'unused', file: bin('knip'), args: ['--no-progress', '--no-config-hints'], cure: '' },
	{ name: 'docs', file: projectNode(), args: [join(root, 'scripts', 'docs.mjs'), '--check'], cure: 'mend it with: npm run docs' },
];

/** Runs all checks, also after one has failed. @returns {Promise<number>} exit code */
export async function runChecks() {
	let failures = 0;
	for (const { name, file, args, cure } of checks) {
		const { code, output, seconds } = await capture(file, args);
		const time = `${seconds.toFixed(1)} s`;
		if (code === 0) {
			process.stdout.write(`${name.padEnd(8)}ok      ${time}\n`);
			continue;
		}
		failures++;
		process.stdout.write(`${name.padEnd(8)}FAILED  ${time}\n${output}\n${cure === '' ? '' : `${cure}\n`}\n`);
	}
	process.stdout.write(failures === 0 ? 'all checks passed\n' : `${failures} of ${checks.length} checks failed\n`);
	return failures === 0 ? 0 : 1;
}
