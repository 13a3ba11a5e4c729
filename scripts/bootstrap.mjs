/**
 * The way in: `npm start`, `npm test`, `npm run check|bench|bench:planner|format|docs` all come here, on a machine that may have
 * nothing but Node 20. It brings what is missing, says so, and hands over to the project's own Node.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runChecks } from './bootstrap/check.mjs';
import { ensureDashboard } from './bootstrap/dashboard.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { BootstrapError, bin, endLike, foreground, projectNode, root, say } from './bootstrap/shared.mjs';
import { ensureSystemPackages } from './bootstrap/system-packages.mjs';
import { runTests } from './bootstrap/tests.mjs';

/** @type {Record<string, (args: string[]) => Promise<void>>} */
const commands = {
	async start(args) {
		await ensureInstalled();
		await ensureDashboard();
		endLike(await foreground(projectNode(), [join(root, 'cli', 'junkai.mjs'), 'demo', ...args]));
	},
	async test(args) {
		await ensureInstalled();
		await ensureSystemPackages();
		// Unit tests look at no built page.
		if (!onlyUnitTests(args)) await ensureDashboard();
		process.exitCode = await runTests(args);
	},
	async bench(args) {
		await ensureInstalled();
		await ensureSystemPackages();
		await ensureDashboard();
		const bench = join(root, 'test', 'bench', 'main.ts');
		if (!existsSync(bench)) throw new BootstrapError('there is no test/bench/main.ts to run.');
		endLike(await foreground(projectNode(), [bench, ...args]));
	},
	async 'bench:planner'(args) {
		await ensureInstalled();
		endLike(await foreground(projectNode(), [join(root, 'test', 'bench', 'planner', 'main.ts'), ...args]));
	},
	/** Reckons and needs no pages, databases or browser. */
	async 'bench:day'(args) {
		await ensureInstalled();
		endLike(await foreground(projectNode(), [join(root, 'test', 'bench', 'day', 'main.ts'), ...args]));
	},
	async check() {
		await ensureInstalled();
		process.exitCode = await runChecks();
	},
	async format(args) {
		await ensureInstalled();
		endLike(
			await foreground(bin('prettier'), ['--write', '--log-level', 'warn', ...(args.length > 0 ? args : [root])], { cwd: root }),
		);
	},
	async docs(args) {
		await ensureInstalled();
		endLike(await foreground(projectNode(), [join(root, 'scripts', 'docs.mjs'), ...args]));
	},
};

/** @param {readonly string[]} args */
function onlyUnitTests(args) {
	const projects = args.flatMap((arg, i) => {
		if (arg.startsWith('--project=')) return [arg.slice('--project='.length)];
		return arg === '--project' ? [args[i + 1]] : [];
	});
	return projects.length > 0 && projects.every((project) => project === 'unit');
}

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) {
	say(`usage: node scripts/bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]`);
	process.exitCode = 2;
} else if (process.platform === 'win32') {
	say('Junkai runs on Linux and macOS. On Windows use it within WSL 2.');
	process.exitCode = 2;
} else {
	try {
		await command(args);
	} catch (error) {
		if (!(error instanceof BootstrapError)) throw error;
		say(error.message);
		process.exitCode = error.exitCode;
	}
}
