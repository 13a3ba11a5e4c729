/** Writes docs/protocol from the contracts; with --check only says which files are stale. Runs on the project's Node. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { protocolFiles } from '@junkai/contracts/documents';
import { root } from './bootstrap/shared.mjs';

const folder = join(root, 'docs', 'protocol');
const files = Object.entries(protocolFiles());

/** @param {string} path */
function read(path) {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return null;
	}
}

if (process.argv.includes('--check')) {
	const stale = files.filter(([name, content]) => read(join(folder, name)) !== content);
	for (const [name] of stale) console.log(`docs/protocol/${name} is not what the contracts say`);
	process.exitCode = stale.length === 0 ? 0 : 1;
} else {
	mkdirSync(folder, { recursive: true });
	for (const [name, content] of files) writeFileSync(join(folder, name), content);
	console.log(`docs/protocol: ${files.map(([name]) => name).join(', ')}`);
}
