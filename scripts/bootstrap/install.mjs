/** Brings node_modules up to what package-lock.json says, and does nothing, quickly, when it is. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BootstrapError, NODE_MAJOR, capture, projectNode, root, say } from './shared.mjs';

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.junkai-install');
/** Parts of a package.json that decide what gets installed; an edited script does not. */
const deciding = [
	'name',
	'version',
	'workspaces',
	'dependencies',
	'devDependencies',
	'optionalDependencies',
	'peerDependencies',
	'overrides',
];

/** Makes sure that node_modules is there and fresh, and that Node 26 in it runs. */
export async function ensureInstalled() {
	const wanted = wantedStamp();
	if (readStamp() === wanted && existsSync(projectNode())) return;
	const release = await takeLock();
	try {
		// Another start may have installed while this one waited, or someone ran npm by hand.
		if (readStamp() === wanted && existsSync(projectNode())) return;
		checkManifests();
		if (!treeMatchesLock()) await install();
		checkNode();
		writeFileSync(stampFile, wanted);
	} finally {
		release();
	}
}

function readStamp() {
	try {
		return readFileSync(stampFile, 'utf8');
	} catch {
		return null;
	}
}

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** @returns {[folder: string, manifest: Record<string, unknown>][]} the root's and every workspace's package.json */
function manifests() {
	const main = readJson(join(root, 'package.json'));
	return [
		['', main],
		...main.workspaces.map((/** @type {string} */ folder) => [folder, readJson(join(root, folder, 'package.json'))]),
	];
}

function wantedStamp() {
	const hash = createHash('sha256');
	hash.update(`${process.platform}-${process.arch}\n`);
	hash.update(readFileSync(join(root, 'package-lock.json')));
	for (const [folder, manifest] of manifests()) hash.update(JSON.stringify([folder, deciding.map((key) => manifest[key] ?? null)]));
	return hash.digest('hex');
}

/** Refuses manifests that the lock file does not know; npm would ask the registry first and blame the network. */
function checkManifests() {
	const locked = readJson(join(root, 'package-lock.json')).packages;
	for (const [folder, manifest] of manifests()) {
		for (const key of ['dependencies', 'devDependencies', 'optionalDependencies']) {
			if (JSON.stringify(sorted(manifest[key])) === JSON.stringify(sorted(locked[folder]?.[key]))) continue;
			throw new BootstrapError(
				`${join(folder, 'package.json')} and package-lock.json do not agree in their ${key}. After editing them run "npm install" once and commit the lock file.`,
			);
		}
	}
}

/** Whether npm's own note of what it installed agrees with the lock file. */
function treeMatchesLock() {
	const noteFile = join(modules, '.package-lock.json');
	if (!existsSync(noteFile) || !nodeRuns()) return false;
	const wanted = readJson(join(root, 'package-lock.json')).packages;
	const present = readJson(noteFile).packages;
	for (const [path, entry] of Object.entries(wanted)) {
		if (!path.includes('node_modules') || entry.optional === true) continue;
		const got = present[path];
		if (got === undefined || got.version !== entry.version || got.integrity !== entry.integrity || !existsSync(join(root, path)))
			return false;
	}
	return true;
}

/** @param {unknown} record */
const sorted = (record) => Object.entries(record ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));

async function install() {
	const count = countPackages();
	say(`installing ${count} packages (npm ci); this can take a minute…`);
	const { file, args: first } = npmCommand();
	const args = [
		...first,
		'ci',
		'--include=dev',
		'--include=optional',
		'--ignore-scripts=false',
		'--no-audit',
		'--no-fund',
		'--no-progress',
	];
	const ticker = tick((seconds) => say(`still installing, ${seconds} s`));
	let result;
	try {
		// PATH as the user has it: npm must not run on the Node that it is about to replace.
		result = await capture(file, args, { env: process.env });
	} catch (error) {
		throw new BootstrapError(
			`npm could not be started (${error instanceof Error ? error.message : String(error)}). It comes with Node.js: install Node.js 20 or newer from https://nodejs.org/, or on Debian "apt-get install npm".`,
		);
	} finally {
		ticker();
	}
	if (result.code !== 0) throw new BootstrapError(explainNpm(result.output, [file, ...first]));
	say(`installed in ${result.seconds.toFixed(0)} s`);
}

/** The npm that runs us, else the one beside this Node, else the one on PATH. */
function npmCommand() {
	const fromNpm = process.env.npm_execpath;
	if (fromNpm !== undefined && basename(fromNpm) === 'npm-cli.js' && existsSync(fromNpm)) {
		const node = process.env.npm_node_execpath;
		return { file: node !== undefined && existsSync(node) && !node.startsWith(modules) ? node : process.execPath, args: [fromNpm] };
	}
	// Not the Node within node_modules: it has no npm beside it and goes away during the install.
	const beside = join(dirname(realpathSync(process.execPath)), 'npm');
	return { file: !beside.startsWith(modules) && existsSync(beside) ? beside : 'npm', args: [] };
}

function countPackages() {
	const { packages } = readJson(join(root, 'package-lock.json'));
	return Object.entries(packages).filter(
		([path, entry]) =>
			path.includes('node_modules') &&
			entry.link !== true &&
			(entry.os === undefined || entry.os.includes(process.platform)) &&
			(entry.cpu === undefined || entry.cpu.includes(process.arch)),
	).length;
}

/** Cause and cure of a failed `npm ci`. @param {string} output @param {readonly string[]} npm */
function explainNpm(output, npm) {
	// Among many warnings, npm names the cause first and its own usage last.
	const errors = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
	const head = (errors.length > 0 ? errors : output.split('\n')).slice(0, 12).join('\n');
	const version = spawnSync(npm[0] ?? 'npm', [...npm.slice(1), '--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';
	const causes = /** @type {const} */ ([
		[/ENOSPC|no space left/i, 'the disk is full. The install needs about 1 GB: free some space and run the command again.'],
		[
			/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network request|CERT_|SELF_SIGNED/i,
			'the package registry was not reached. Check the network (and HTTPS_PROXY or "npm config get registry" behind a proxy) and run the command again.',
		],
		[
			/EACCES|EPERM|EROFS/,
			`npm may not write here. Make ${root} and your npm cache ("npm config get cache") writable for this user.`,
		],
		[
			/can only install packages when your package.json and package-lock.json|in sync/i,
			'package.json and package-lock.json do not agree. After editing dependencies run "npm install" once and commit the lock file.',
		],
		[
			/EINTEGRITY/,
			'a package did not have the checksum in package-lock.json. Run "npm cache clean --force" and try again; if it stays, do not go on: the package was changed.',
		],
		[
			/lockfileVersion|EUSAGE|Unsupported URL Type "workspace:/,
			'this npm may be too old: version 9 or newer is needed ("npm install -g npm").',
		],
	]);
	const old =
		Number.parseInt(version, 10) < 9
			? `npm ${version} is too old: version 9 or newer is needed ("npm install -g npm").`
			: undefined;
	const cause = old ?? causes.find(([pattern]) => pattern.test(output))?.[1] ?? 'see what npm said above.';
	return `${head}\n\njunkai: the packages could not be installed (npm ${version || 'of unknown version'}): ${cause}`;
}

function nodeRuns() {
	const { status, stdout } = spawnSync(projectNode(), ['--version'], { encoding: 'utf8' });
	return status === 0 && Number.parseInt(stdout.slice(1), 10) >= NODE_MAJOR;
}

function checkNode() {
	if (nodeRuns()) return;
	const { error, stderr } = spawnSync(projectNode(), ['--version'], { encoding: 'utf8' });
	throw new BootstrapError(
		[
			`Node ${NODE_MAJOR} in node_modules does not run on this machine (${process.platform}-${process.arch}): ${error?.message ?? stderr.trim()}.`,
			'It is the npm package "node", whose install script fetches the program for this platform. Either that script was not allowed',
			'(then: npm rebuild node --ignore-scripts=false), or there is no such program for this platform (for example Alpine with musl).',
			`Any Node ${NODE_MAJOR} or newer of your own on PATH does as well: delete node_modules/.bin/node and run the command with it.`,
		].join('\n'),
	);
}

/** One install at a time in a checkout; a lock whose owner is gone is taken over. */
async function takeLock() {
	const lock = join(tmpdir(), `junkai-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
	const owner = join(lock, 'pid');
	for (let told = false; ;) {
		try {
			mkdirSync(lock);
			writeFileSync(owner, String(process.pid));
			return () => rmSync(lock, { recursive: true, force: true });
		} catch (error) {
			if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
		}
		await sleep(200);
		if (!isAlive(owner)) rmSync(lock, { recursive: true, force: true });
		else if (!told) {
			say('another start is installing the packages; waiting for it…');
			told = true;
		}
	}
}

/** @param {string} owner file with a process id */
function isAlive(owner) {
	try {
		process.kill(Number(readFileSync(owner, 'utf8')), 0);
		return true;
	} catch (error) {
		return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
	}
}

/** Calls back each ten seconds with the seconds gone by. @param {(seconds: number) => void} report */
function tick(report) {
	const began = performance.now();
	const timer = setInterval(() => report(Math.round((performance.now() - began) / 1000)), 10_000);
	return () => clearInterval(timer);
}
