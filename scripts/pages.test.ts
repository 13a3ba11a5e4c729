import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './bootstrap/shared.mjs';

/** Files below a folder, without what is installed, built or not ours. */
function files(folder: string): string[] {
	return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (!entry.isDirectory()) return [path];
		return entry.name.startsWith('.') || ['node_modules', 'dist', 'data', 'coverage'].includes(entry.name) ? [] : files(path);
	});
}

const all = files('.');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = all.filter((path) => path.endsWith('.md'));

test.each(pages)('%s: its links lead to files that are there', (page) => {
	const links = [...read(page).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map(([, target]) => target!);
	const missing = links.filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(page), target)));
	expect(missing).toEqual([]);
});

describe('settings', () => {
	const program = all.filter((path) => /^(cli|fleet-server|gateway|sim)\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'));
	const variables = new Set(
		program.flatMap((path) => [...read(path).matchAll(/'((?:JUNKAI_[A-Z_]+)|[A-Z]+_URL)'/g)].map(([, name]) => name!)),
	);

	test.each(['README.md', 'README.ja.md'])('%s lists every variable that the programs read', (page) => {
		expect(variables).toContain('JUNKAI_HTTP_PORT');
		const text = read(page);
		expect([...variables].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
	});

	test('both readmes list the same', () => {
		const listed = (page: string) =>
			new Set([...read(page).matchAll(/`((?:JUNKAI_[A-Z_]+)|[A-Z]+_URL)`/g)].map(([, name]) => name));
		expect(listed('README.ja.md')).toEqual(listed('README.md'));
	});
});

test('every folder of the house stands on the map for contributors', () => {
	const map = read('CONTRIBUTING.md');
	const folders = readdirSync(root, { withFileTypes: true }).filter(
		(entry) => entry.isDirectory() && all.some((path) => path.startsWith(`${entry.name}/`)),
	);
	for (const { name } of folders) if (!name.startsWith('.')) expect(map, name).toContain(`\n${name}/`);
});

test('every path on the map for contributors is there', () => {
	const named = [...read('CONTRIBUTING.md').matchAll(/`((?:[a-z-]+\/)+(?:[\w-]+\.ts)?)`/g)].map(([, path]) => path!);
	expect(named.length).toBeGreaterThan(20);
	expect(named.filter((path) => !existsSync(join(root, path)) && !existsSync(join(root, 'firmware-bridge', path)))).toEqual([]);
});
