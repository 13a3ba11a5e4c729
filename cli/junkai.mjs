#!/usr/bin/env node
/**
 * `junkai`, wherever it is called from and on whatever Node (20 or newer): installs the packages when there are none, goes
 * over to the project's own Node when this one is too old, and hands on to `main.ts`.
 */
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dashboardIsBuilt, ensureDashboard } from '../scripts/bootstrap/dashboard.mjs';
import { ensureInstalled } from '../scripts/bootstrap/install.mjs';
import { BootstrapError, NODE_MAJOR, endLike, foreground, projectNode, root, say } from '../scripts/bootstrap/shared.mjs';

try {
	// A van or a server must start although someone edits a package.json: here only what is absent is brought, not what is stale.
	if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) await ensureInstalled();
	if (['demo', 'server'].includes(process.argv[2] ?? '') && !dashboardIsBuilt()) await ensureDashboard();
	// Compiled code, types already stripped, is kept: a start is faster, and a gateway takes some 30 MB less.
	process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'junkai');
	if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) {
		enableCompileCache(process.env['NODE_COMPILE_CACHE']);
		if (process.argv[2] === 'gateway' && process.execArgv.length === 0) becomeSmall();
		await import('./main.ts');
	} else endLike(await foreground(projectNode(), [fileURLToPath(import.meta.url), ...process.argv.slice(2)]));
} catch (error) {
	if (!(error instanceof BootstrapError)) throw error;
	say(error.message);
	process.exitCode = error.exitCode;
}

/** A van's box is small: the same process goes on with a young heap that fits it (V8 takes this at start only). */
function becomeSmall() {
	const script = fileURLToPath(new URL('./main.ts', import.meta.url));
	if (process.platform === 'linux') {
		process.execve(process.execPath, [process.execPath, '--max-semi-space-size=2', script, ...process.argv.slice(2)], process.env);
	}
}
