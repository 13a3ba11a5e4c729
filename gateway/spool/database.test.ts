import { execFileSync } from 'node:child_process';
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
	openSync,
	writeSync,
	closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Lane } from '@junkai/contracts';
import { SpoolFile, type SpoolEntry } from './database.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'junkai-spool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = (overrides: Partial<{ path: string; maxBytes: number; reserveBytes: number }> = {}) => ({
	path: join(folder, 'spool.db'),
	maxBytes: 1 << 30,
	reserveBytes: 0,
	...overrides,
});

const entry = (seq: number, lane: Lane = 'numeric', size = 40): SpoolEntry => ({
	seq,
	lane,
	time: seq * 10,
	body: `${seq}`.padEnd(size, ' '),
});

function opened(overrides?: Parameters<typeof options>[0]): SpoolFile {
	const file = new SpoolFile(options(overrides));
	file.open();
	return file;
}

const seqs = (file: SpoolFile, lane: Lane): number[] =>
	file.read(lane, 0, Number.MAX_SAFE_INTEGER, 1_000_000, Infinity).entries.map((e) => e.seq);

describe('keeping', () => {
	test('what was committed is there after reopening, with the same epoch, and seq goes on', () => {
		const first = new SpoolFile(options());
		const { epoch } = first.open();
		first.commit('boot', [entry(1), entry(2, 'urgent'), entry(3, 'waveform')], [], []);
		first.close();
		const second = new SpoolFile(options());
		expect(second.open()).toEqual({ epoch, nextSeq: 4 });
		expect([seqs(second, 'urgent'), seqs(second, 'numeric'), seqs(second, 'waveform')]).toEqual([[2], [1], [3]]);
		expect(second.counts()).toMatchObject({ pending: { urgent: 1, numeric: 1, waveform: 1 }, oldest: 10, shed: 0, refused: 0 });
		second.close();
	});

	test('acknowledged records are forgotten, and their seq is never used again', () => {
		const first = opened();
		first.commit('boot', [entry(1), entry(2), entry(3)], [], []);
		first.commit('boot', [], [[1, 3]], []);
		expect(first.counts().pending.numeric).toBe(0);
		first.close();
		expect(new SpoolFile(options()).open().nextSeq).toBe(4);
	});

	test('reading stays within one boot, the asked range and the asked size', () => {
		const file = opened();
		file.commit('one', [entry(1), entry(2)], [], []);
		file.commit('two', [entry(3), entry(4), entry(5)], [], []);
		expect(file.read('numeric', 0, 99, 10, 1e6)).toMatchObject({ boot: 'one', entries: [{ seq: 1 }, { seq: 2 }] });
		expect(file.read('numeric', 2, 5, 10, 1e6).entries.map((e) => e.seq)).toEqual([3, 4]);
		expect(file.read('numeric', 2, 99, 10, 50).entries.map((e) => e.seq)).toEqual([3, 4]);
		file.close();
	});

	test('a refused record is set aside with its reason and does not come up again', () => {
		const file = opened();
		file.commit('boot', [entry(1), entry(2)], [], []);
		file.refuse([{ seq: 1, reason: 'no such code' }]);
		expect(seqs(file, 'numeric')).toEqual([2]);
		expect(file.counts()).toMatchObject({ refused: 1, pending: { numeric: 1 } });
		file.close();
	});
});

describe('no room', () => {
	test('at the bound of the file waveforms make way, oldest first, and the loss is on record', () => {
		const file = opened({ maxBytes: 8_000_000 });
		let seq = 1;
		for (let n = 0; n < 100; n++)
			file.commit(
				'boot',
				Array.from({ length: 120 }, () => entry(seq++, 'waveform', 1000)),
				[],
				[],
			);
		file.commit(
			'boot',
			Array.from({ length: 200 }, () => entry(seq++, 'urgent', 1000)),
			[],
			[],
		);
		expect(seqs(file, 'urgent')).toHaveLength(200);
		const left = seqs(file, 'waveform');
		const lost = file.unreportedLosses();
		const total = lost.reduce((sum, loss) => sum + loss.records, 0);
		expect(total).toBeGreaterThan(0);
		expect(left.length + total).toBe(12_000);
		expect(left.at(-1)).toBe(12_000);
		expect(file.counts().shed).toBe(total);
		file.close();
	});

	test('when only numerics are left and there is no room for them, they are not dropped: the commit fails and can be tried again', () => {
		const file = opened({ maxBytes: 4_000_000 });
		const batch = Array.from({ length: 3500 }, (_, i) => entry(i + 1, 'numeric', 1000));
		expect(() => file.commit('boot', batch, [], [])).toThrow(/full/);
		const kept = seqs(file, 'numeric');
		expect(kept).toEqual(batch.slice(0, kept.length).map((one) => one.seq));
		expect(file.counts().pending.numeric).toBe(kept.length);
		// The server acknowledges: there is room again, and the same commit goes through, nothing twice.
		file.commit('boot', [], [[1, kept.length]], []);
		expect(file.commit('boot', batch.slice(kept.length), [], [])).toEqual([]);
		expect(seqs(file, 'numeric')).toEqual(batch.slice(kept.length).map((one) => one.seq));
		file.close();
	});

	test('on a really full disk, of which a neighbour takes every byte, waveforms are shed and alarms and numerics stay', () => {
		const disk = mkdtempSync(join(tmpdir(), 'junkai-disk-'));
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk]);
		onTestFinished(() => {
			execFileSync('umount', ['-l', disk]);
			rmSync(disk, { recursive: true, force: true });
		});
		const file = opened({ path: join(disk, 'spool.db'), reserveBytes: 2 * 1024 * 1024 });
		const hog = openSync(join(disk, 'hog'), 'w');
		const fill = (): void => {
			expect(() => {
				for (;;) writeSync(hog, Buffer.alloc(4096));
			}).toThrow(/ENOSPC/);
		};
		let seq = 1;
		let waves = 0;
		const kept: number[] = [];
		for (let n = 0; n < 600; n++) {
			if (n % 10 === 5) fill();
			const urgent = entry(seq++, 'urgent', 200);
			const numeric = entry(seq++, 'numeric', 200);
			const wave = Array.from({ length: 10 }, () => entry(seq++, 'waveform', 1200));
			waves += wave.length;
			file.commit('boot', [urgent, numeric, ...wave], [], []);
			kept.push(urgent.seq, numeric.seq);
		}
		const there = new Set([...seqs(file, 'urgent'), ...seqs(file, 'numeric')]);
		expect(kept.filter((wanted) => !there.has(wanted))).toEqual([]);
		const lost = file.unreportedLosses().reduce((sum, loss) => sum + loss.records, 0);
		expect(lost).toBeGreaterThan(0);
		expect(seqs(file, 'waveform').length + lost).toBe(waves);
		expect(file.counts().shed).toBe(lost);
		// Room again: the file grows, and nothing more is shed.
		closeSync(hog);
		rmSync(join(disk, 'hog'));
		execFileSync('mount', ['-o', 'remount,size=64m', disk]);
		const { bytes } = file.counts();
		for (let n = 0; n < 40; n++)
			file.commit(
				'boot',
				Array.from({ length: 100 }, () => entry(seq++, 'waveform', 1200)),
				[],
				[],
			);
		expect(file.counts().bytes).toBeGreaterThan(bytes);
		expect(file.unreportedLosses().reduce((sum, loss) => sum + loss.records, 0)).toBe(lost);
		file.close();
	}, 60_000);

	test('a spool that is killed on a full disk opens again with all it held', () => {
		const disk = mkdtempSync(join(tmpdir(), 'junkai-disk-'));
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]);
		onTestFinished(() => {
			execFileSync('umount', ['-l', disk]);
			rmSync(disk, { recursive: true, force: true });
		});
		const script = `
			import { SpoolFile } from ${JSON.stringify(new URL('./database.ts', import.meta.url).href)};
			import { openSync, writeSync } from 'node:fs';
			const file = new SpoolFile({ path: ${JSON.stringify(join(disk, 'spool.db'))}, maxBytes: 1 << 30, reserveBytes: 1 << 20 });
			file.open();
			const hog = openSync(${JSON.stringify(join(disk, 'hog'))}, 'w');
			try { for (;;) writeSync(hog, Buffer.alloc(4096)); } catch {}
			for (let seq = 1; seq <= 300; seq++) file.commit('boot', [{ seq, lane: 'numeric', time: seq, body: String(seq).padEnd(300) }], [], []);
			process.kill(process.pid, 'SIGKILL');`;
		expect(() => execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: 'pipe' })).toThrow(
			/SIGKILL|Command failed/,
		);
		const file = new SpoolFile(options({ path: join(disk, 'spool.db'), reserveBytes: 1 << 20 }));
		expect(file.open().setAside).toBeUndefined();
		expect(seqs(file, 'numeric')).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
		file.commit('boot', [entry(301, 'urgent')], [[1, 100]], []);
		expect(file.counts().pending).toEqual({ urgent: 1, numeric: 200, waveform: 0 });
		file.close();
	}, 60_000);

	test('a loss that was told of in an event is not told again', () => {
		const file = opened({ maxBytes: 4_000_000 });
		for (let n = 0; n < 60; n++)
			file.commit(
				'boot',
				Array.from({ length: 100 }, (_, i) => entry(n * 100 + i + 1, 'waveform', 1000)),
				[],
				[],
			);
		const losses = file.unreportedLosses();
		expect(losses.length).toBeGreaterThan(0);
		file.commit(
			'boot',
			[entry(6001, 'urgent')],
			[],
			losses.map((loss) => loss.id),
		);
		expect(file.unreportedLosses()).toEqual([]);
		file.close();
	});
});

describe('a corrupt file', () => {
	test.each([
		['overwritten with garbage', (path: string) => writeFileSync(path, Buffer.alloc(20_000, 'garbage!'))],
		['cut off', (path: string) => truncateSync(path, statSync(path).size - 5000)],
		[
			'damaged in the middle',
			(path: string) => {
				const handle = openSync(path, 'r+');
				writeSync(handle, Buffer.alloc(8192, 0xa5), 0, 8192, 4096 * 3);
				closeSync(handle);
			},
		],
	])('%s is set aside, and a new one is begun', (_, damage) => {
		const first = new SpoolFile(options());
		const { epoch } = first.open();
		first.commit(
			'boot',
			Array.from({ length: 500 }, (__, i) => entry(i + 1, 'numeric', 300)),
			[],
			[],
		);
		first.close();
		damage(join(folder, 'spool.db'));
		const second = new SpoolFile(options());
		const found = second.open();
		expect(found.epoch).not.toBe(epoch);
		expect(found.setAside).toMatchObject({ path: expect.stringContaining('spool.db.corrupt-'), reason: expect.any(String) });
		expect(existsSync(found.setAside!.path)).toBe(true);
		second.commit('boot', [entry(found.nextSeq)], [], []);
		expect(seqs(second, 'numeric')).toEqual([found.nextSeq]);
		second.close();
	});

	test('a folder that cannot be written to is told, and nothing is set aside', () => {
		expect(() => new SpoolFile(options({ path: join(folder, 'missing', 'spool.db') })).open()).toThrow(/cannot be opened/);
		expect(readdirSync(folder)).toEqual([]);
	});
});
