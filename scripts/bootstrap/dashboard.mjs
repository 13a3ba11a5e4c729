/** Builds the web pages when their sources have changed since the last build. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BootstrapError, capture, projectNode, root, say } from './shared.mjs';

const folder = join(root, 'dashboard');
const stampFile = join(folder, 'dist', '.junkai-build');

/** Makes sure that dashboard/dist is what its sources say. */
export async function ensureDashboard() {
	const wanted = sourceHash();
	if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
	say('building the web pages…');
	const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
	const result = await capture(projectNode(), [vite, 'build'], { cwd: folder });
	if (result.code !== 0) throw new BootstrapError(`${result.output}\n\njunkai: the web pages could not be built; see above.`);
	writeFileSync(stampFile, wanted);
	say(`built in ${result.seconds.toFixed(1)} s`);
}

/** Whether the pages were ever built; a server without them has only its API to show. */
export const dashboardIsBuilt = () => existsSync(join(folder, 'dist', 'index.html'));

function sourceHash() {
	const hash = createHash('sha256');
	// The lock file stands for the libraries that are built in.
	hash.update(readFileSync(join(root, 'package-lock.json')));
	for (const file of [...sources(folder), ...sources(join(root, 'contracts'))].toSorted()) {
		hash.update(`${relative(root, file)}\n`);
		hash.update(readFileSync(file));
	}
	return hash.digest('hex');
}

/**
 * Files that a build depends on: not what it writes (dist, .generated), nor tests.
 *
 * @param {string} directory
 * @returns {string[]}
 */
function sources(directory) {
	return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
		const path = join(directory, entry.name);
		if (entry.name.startsWith('.')) return [];
		if (entry.isDirectory()) return ['dist', 'node_modules', 'documents'].includes(entry.name) ? [] : sources(path);
		return /\.test\.tsx?$/.test(entry.name) ? [] : [path];
	});
}
