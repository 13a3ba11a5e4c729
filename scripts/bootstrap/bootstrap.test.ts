import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { capture, root } from './shared.mjs';
import { summarise } from './tests.mjs';

const temporary = mkdtempSync(join(tmpdir(), 'junkai-bootstrap-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** A checkout with nothing installed: the bootstrap, the manifests and the lock file. */
function bareCheckout(name: string): string {
	const folder = join(temporary, name);
	const workspaces = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }).workspaces;
	for (const file of [
		'package.json',
		'package-lock.json',
		'.npmrc',
		...workspaces.map((workspace) => join(workspace, 'package.json')),
	]) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		cpSync(join(root, file), join(folder, file));
	}
	cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
	return folder;
}

/** Runs the bootstrap there, with an empty npm cache and a registry that nobody answers for. */
const bootstrap = (folder: string, ...args: string[]) =>
	capture(process.execPath, [join(folder, 'scripts', 'bootstrap.mjs'), ...args], {
		cwd: folder,
		env: {
			...process.env,
			npm_config_cache: join(temporary, 'cache'),
			npm_config_registry: 'http://127.0.0.1:9/',
			npm_config_fetch_retries: '0',
		},
	});

describe('installing', () => {
	test('says what it does, and names a registry that is not reached as the cause', async () => {
		const { code, output } = await bootstrap(bareCheckout('offline'), 'check');
		expect(code).toBe(1);
		expect(output).toMatch(/installing \d+ packages/);
		expect(output).toContain('the package registry was not reached. Check the network');
	});

	test('names manifests that do not agree with the lock file as the cause', async () => {
		const folder = bareCheckout('edited');
		const file = join(folder, 'cli', 'package.json');
		const manifest = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
		manifest.dependencies.commander = '1.0.0';
		writeFileSync(file, JSON.stringify(manifest));
		const { code, output } = await bootstrap(folder, 'check');
		expect(code).toBe(1);
		expect(output).toContain('cli/package.json and package-lock.json do not agree in their dependencies');
	});

	test('leaves nothing behind that a second start would take for an install', async () => {
		const folder = bareCheckout('twice');
		await bootstrap(folder, 'check');
		const { output } = await bootstrap(folder, 'check');
		expect(output).toMatch(/installing \d+ packages/);
	});
});

test('an unknown command is told what there is', async () => {
	const { code, output } = await capture(process.execPath, [join(root, 'scripts', 'bootstrap.mjs'), 'fly']);
	expect(code).toBe(2);
	expect(output).toContain('start|test|bench|bench:planner|bench:day|check|format|docs');
});

test('needs nothing but Node: no import from a package before the packages are there', () => {
	const files = ['bootstrap.mjs', ...readdirSync(join(root, 'scripts', 'bootstrap')).map((name) => join('bootstrap', name))];
	for (const file of files.filter((name) => name.endsWith('.mjs'))) {
		const text = readFileSync(join(root, 'scripts', file), 'utf8');
		for (const [, from] of text.matchAll(/^import .* from '([^']+)'/gm)) expect(from, file).toMatch(/^(node:|\.)/);
	}
});

describe('the last line of a test run', () => {
	const report = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] };
	const ended = (code: number) => ({ code, signal: null });

	test('counts what the runner counted', () => {
		expect(summarise(report, ended(0))).toEqual({ lines: ['7 passed, 0 failed, 2 skipped'], failed: false });
		expect(summarise({ ...report, numFailedTests: 2 }, ended(1))).toEqual({
			lines: ['7 passed, 2 failed, 2 skipped'],
			failed: true,
		});
	});

	test('counts a file that could not be loaded as a failure, though it has no test to fail', () => {
		const testResults = [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }];
		const { lines, failed } = summarise({ ...report, testResults }, ended(1));
		expect(lines).toEqual(['a.test.ts could not be run; counted as one failure.', '7 passed, 1 failed, 2 skipped']);
		expect(failed).toBe(true);
	});

	test('never calls a run passed in which nothing ran, the runner crashed, or something broke outside any test', () => {
		expect(summarise({ ...report, numPassedTests: 0 }, ended(0))).toMatchObject({ failed: true });
		expect(summarise(null, { code: null, signal: 'SIGKILL' }).lines).toEqual([
			'The test runner ended without a report (signal SIGKILL): no result.',
			'0 passed, 1 failed, 0 skipped',
		]);
		expect(summarise(report, ended(1))).toMatchObject({ failed: true });
	});
});

describe('a program in the foreground', () => {
	/** Runs `script` under the bootstrap's foreground(); signals go to the bootstrap's process alone. */
	function under(script: string) {
		const module = JSON.stringify(join(root, 'scripts', 'bootstrap', 'shared.mjs'));
		const parent = `const { foreground, endLike } = await import(${module}); endLike(await foreground(process.execPath, ['-e', ${JSON.stringify(script)}]));`;
		const child = spawn(process.execPath, ['--input-type=module', '-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
		let output = '';
		const ready = new Promise<void>((resolve) => {
			child.stdout.on('data', (chunk: Buffer) => {
				output += chunk.toString();
				if (output.includes('ready')) resolve();
			});
		});
		const end = new Promise<{ code: number | null; signal: string | null; output: string }>((resolve) => {
			child.once('close', (code, signal) => resolve({ code, signal, output }));
		});
		return { child, ready, end };
	}

	test('gives its exit code back', async () => {
		expect((await under('process.exit(3)').end).code).toBe(3);
	});

	test('gives the signal back that ended it', async () => {
		expect((await under("process.kill(process.pid, 'SIGKILL')").end).signal).toBe('SIGKILL');
	});

	test('is ended before us when it runs quietly', async () => {
		const module = JSON.stringify(join(root, 'scripts', 'bootstrap', 'shared.mjs'));
		const pidFile = join(temporary, 'pid');
		const script = `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000);`;
		const parent = `const { capture } = await import(${module}); await capture(process.execPath, ['-e', ${JSON.stringify(script)}]); console.log('went on');`;
		const child = spawn(process.execPath, ['--input-type=module', '-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
		let output = '';
		child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
		const end = new Promise<string | null>((resolve) => child.once('close', (_, signal) => resolve(signal)));
		await vi.waitUntil(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '', { timeout: 10_000 });
		child.kill('SIGTERM');
		expect(await end).toBe('SIGTERM');
		expect(output).toBe('');
		expect(() => process.kill(Number(readFileSync(pidFile, 'utf8')), 0)).toThrow('ESRCH');
	});

	test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('hears %s and may end in its own way', async (signal) => {
		const script = `process.on('${signal}', () => { console.log('heard'); process.exit(7); }); setInterval(() => {}, 1000); console.log('ready');`;
		const { child, ready, end } = under(script);
		await ready;
		child.kill(signal);
		const { code, output } = await end;
		expect(output).toContain('heard');
		expect(code).toBe(7);
	});
});
