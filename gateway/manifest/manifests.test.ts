import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Manifest, ManifestReceipt } from '@junkai/contracts';
import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Manifests } from './manifests.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'junkai-manifest-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const manifestOf = (revision: number): Manifest => ({
	v: 1,
	revision,
	published: 1_795_000_000_000,
	date: '2026-11-24',
	clock: { startedWall: 1, startedService: 1, speed: 1, simulated: false },
	route: null,
	doctors: [],
});
const sent = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

function opened(path = join(folder, 'manifest.json')) {
	const told: ManifestReceipt[] = [];
	const lines: string[] = [];
	const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
	const manifests = new Manifests({ path, log, now: () => 1000, tell: (receipt) => void told.push(receipt) });
	const heard: number[] = [];
	manifests.on('manifest', ({ revision }) => heard.push(revision));
	return { manifests, told, heard, lines, path };
}

test('a manifest is on the disk before it is told of, packed or not, and is there after a restart', async () => {
	const one = opened();
	await one.manifests.open();
	expect(one.manifests.current).toBeNull();
	await one.manifests.accept(gzipSync(sent(manifestOf(1))));
	expect(JSON.parse(readFileSync(one.path, 'utf8'))).toEqual(manifestOf(1));
	expect(one.told).toEqual([{ v: 1, revision: 1, date: '2026-11-24', received: 1000 }]);
	await one.manifests.accept(sent(manifestOf(2)));
	expect(one.heard).toEqual([1, 2]);
	const again = opened();
	await again.manifests.open();
	expect(again.manifests.current).toEqual(manifestOf(2));
	// The server hears at each connection what is kept.
	again.manifests.up();
	expect(again.told.map(({ revision }) => revision)).toEqual([2]);
	// The same one again is no news, but is told of.
	await again.manifests.accept(sent(manifestOf(2)));
	expect(again.heard).toEqual([]);
	expect(again.told).toHaveLength(2);
});

test.each([
	['no JSON', Buffer.from('a plan')],
	['damaged gzip', gzipSync(sent(manifestOf(9))).subarray(0, 30)],
	['a field that breaks the schema', sent({ ...manifestOf(9), revision: 'nine' })],
	[
		'a route without stops',
		sent({ ...manifestOf(9), route: { vehicle: 'van-1', distance: 0, stops: [], next: 0, reached: true } }),
	],
	['a bomb', gzipSync(Buffer.alloc(40 * 1024 * 1024, ' '))],
])('%s is refused with the cause, and the manifest before is kept', async (_what, payload) => {
	const one = opened();
	await one.manifests.accept(sent(manifestOf(1)));
	await one.manifests.accept(payload);
	expect(one.manifests.current).toEqual(manifestOf(1));
	expect(JSON.parse(readFileSync(one.path, 'utf8'))).toEqual(manifestOf(1));
	expect(one.told).toHaveLength(1);
	expect(one.lines.join('')).toContain('manifest refused');
});

test('a broker that forgets takes nothing from the van', async () => {
	const one = opened();
	await one.manifests.accept(sent(manifestOf(1)));
	await one.manifests.accept(Buffer.alloc(0));
	expect(one.manifests.current).toEqual(manifestOf(1));
});

test('a file that is no manifest is set aside', async () => {
	const one = opened();
	writeFileSync(one.path, '{"v":1,"revi');
	await one.manifests.open();
	expect(one.manifests.current).toBeNull();
	expect(readFileSync(`${one.path}.broken`, 'utf8')).toBe('{"v":1,"revi');
	await one.manifests.accept(sent(manifestOf(3)));
	expect(one.manifests.current?.revision).toBe(3);
});

test('what cannot be written is not told of; it is tried again', async () => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	try {
		const path = join(folder, 'later', 'manifest.json');
		const one = opened(path);
		await one.manifests.accept(sent(manifestOf(1)));
		expect(one.told).toEqual([]);
		expect(one.manifests.current).toBeNull();
		expect(one.lines.join('')).toContain('cannot be written');
		mkdirSync(join(folder, 'later'));
		vi.advanceTimersByTime(10_000);
		await one.manifests.stop();
		expect(one.told.map(({ revision }) => revision)).toEqual([1]);
	} finally {
		vi.useRealTimers();
	}
});
