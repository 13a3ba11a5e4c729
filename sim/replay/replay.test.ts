import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NmeaEmulator, NoninEmulator, Pm6750Emulator, type Emulator } from '@junkai/firmware-bridge/mock';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { spawnEmulatorHost } from '../pty/host.ts';
import { dueAt, timelineOf } from './pace.ts';
import { replay } from './replay.ts';

let directory: string;
let heartbeat: NodeJS.Timeout;
const readers: SerialPort[] = [];

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), 'junkai-replay-'));
	// As in host.test.ts: serialport reads only when something wakes the loop.
	heartbeat = setInterval(() => {}, 2);
});
afterEach(async () => {
	clearInterval(heartbeat);
	for (const port of readers.splice(0)) await new Promise<void>((done) => (port.isOpen ? port.close(() => done()) : done()));
	rmSync(directory, { recursive: true, force: true });
});

/** What an emulated device says in some seconds. */
function record(emulator: Emulator, seconds: number): Buffer {
	const pieces: Uint8Array[] = [];
	for (let t = 0; t <= seconds * 1000; t += 20) pieces.push(emulator.advance(t));
	return Buffer.concat(pieces);
}

async function read(path: string): Promise<{ bytes: () => Buffer; times: number[] }> {
	const port = new SerialPort({ path, baudRate: 9600, autoOpen: false });
	const chunks: Buffer[] = [];
	const times: number[] = [];
	port.on('data', (chunk: Buffer) => {
		chunks.push(chunk);
		times.push(performance.now());
	});
	port.on('error', () => {});
	readers.push(port);
	await vi.waitFor(() => new Promise<void>((done, failed) => port.open((error) => (error ? failed(error) : done()))), 5000);
	return { bytes: () => Buffer.concat(chunks), times };
}

const file = (name: string, content: Uint8Array | string) => {
	const path = join(directory, name);
	writeFileSync(path, content);
	return path;
};

describe('pace', () => {
	test('an NMEA log goes by its own clock', () => {
		const log = record(new NmeaEmulator({ rate: 1 }), 10);
		const timeline = timelineOf(log, 'nmea');
		expect(timeline.duration / 1000).toBeGreaterThan(9);
		expect(timeline.duration / 1000).toBeLessThan(12);
		expect(timeline.stretches.reduce((sum, s) => sum + s.to - s.from, 0)).toBe(log.length);
		const starts = timeline.stretches.filter((s) => log.toString('latin1', s.from, s.to).includes('RMC')).map((s) => s.start);
		expect(starts).toHaveLength(10);
		starts.forEach((start, i) => expect(start).toBeCloseTo(i * 1000, 6));
	});

	test('five fixes a second are 200 ms apart', () => {
		const log = record(new NmeaEmulator({ rate: 5, sentences: ['RMC', 'GGA'] }), 4);
		expect(timelineOf(log, 'nmea').duration).toBeCloseTo(4000, -2.7);
	});

	test('comments are left out, midnight and breaks are no pause, no time is the line’s own speed', () => {
		const rmc = (time: string) => `$GPRMC,${time},A,3413.5,N,13510.0,E,0.0,,120419,,*00\r\n`;
		const text = `# Name: a log\n# more\n${rmc('235959.00')}${rmc('000000.00')}${rmc('030000.00')}${rmc('030001.00')}`;
		const timeline = timelineOf(Buffer.from(text), 'nmea');
		expect(timeline.comments).toBe(2);
		expect(timeline.stretches.map((s) => Math.round(s.start))).toEqual([0, 1000, 2000, 3000]);
		const cold = timelineOf(Buffer.from('$GPRMC,,V,,,,,,,,,,N*53\r\n'.repeat(40)), 'nmea');
		expect(cold.duration / 1000).toBeCloseTo(1000 / 480, 0);
		expect(cold.basis).toContain('no times');
	});

	test('a binary line that begins with # is no comment', () => {
		const log = Buffer.concat([Buffer.from('#'), Buffer.from([0xb5, 0x62, 0x00, 0x0a]), Buffer.from('# text\n')]);
		const timeline = timelineOf(log, 'nmea');
		expect(timeline.comments).toBe(1);
		expect(timeline.stretches.map((s) => s.to - s.from)).toEqual([5]);
	});

	test('Nonin and the board have their own clocks', () => {
		const nonin = record(new NoninEmulator(), 4);
		expect(timelineOf(nonin, 'nonin').duration / 1000).toBeCloseTo(4, 1);
		const board = record(new Pm6750Emulator(), 4);
		expect(timelineOf(board, 'pm6750').duration / 1000).toBeCloseTo(4, 1);
		expect(timelineOf(Buffer.from('nothing of the kind'), 'pm6750').basis).toContain('no waves');
	});

	test('what is due grows evenly within a stretch and stops at the end', () => {
		const timeline = { stretches: [{ from: 10, to: 20, start: 0, end: 100 }], duration: 100, basis: '', comments: 0 };
		expect(dueAt(timeline, 50, { stretch: 0 })).toEqual({ stretch: 0, byte: 15 });
		expect(dueAt(timeline, 200, { stretch: 0 })).toEqual({ stretch: 1, byte: 20 });
	});
});

test.each([
	['nmea', () => record(new NmeaEmulator({ rate: 1 }), 8), 4],
	['nonin', () => record(new NoninEmulator(), 4), 2],
	['pm6750', () => record(new Pm6750Emulator(), 4), 2],
] as const)('a %s log arrives byte for byte, at its pace', async (as, make, pace) => {
	const log = make();
	const port = join(directory, 'port');
	const lines: string[] = [];
	const playing = replay({ file: file('log', log), as, port, pace, onProgress: (line) => lines.push(line) });
	const reader = await read(port);
	await playing;
	await vi.waitFor(() => expect(reader.bytes().length).toBe(log.length), 5000);
	expect(reader.bytes().equals(log)).toBe(true);
	const took = reader.times.at(-1)! - reader.times[0]!;
	expect(took).toBeGreaterThan(1200);
	expect(took).toBeLessThan(3500);
	expect(lines[0]).toContain(`as ${as}`);
	expect(lines.at(-1)).toBe('done');
});

test('writes to a terminal that is there already', async () => {
	const host = await spawnEmulatorHost({ onHeard: (_id, bytes) => heard.push(Buffer.from(bytes)) });
	const heard: Buffer[] = [];
	const link = join(directory, 'there');
	await host.open({ id: 'there', link });
	const named = join(directory, 'by-name');
	symlinkSync(link, named);
	const log = record(new NoninEmulator(), 1);
	await replay({ file: file('log', log), as: 'nonin', port: named, pace: 10 });
	await vi.waitFor(() => expect(Buffer.concat(heard).equals(log)).toBe(true), 5000);
	await host.close();
});

test('can be stopped, and says what is wrong', async () => {
	const log = file('log', record(new NmeaEmulator(), 3));
	const port = join(directory, 'port');
	const controller = new AbortController();
	const lines: string[] = [];
	const waiting = replay({ file: log, as: 'nmea', port, signal: controller.signal, onProgress: (line) => lines.push(line) });
	await vi.waitFor(() => expect(lines.at(-1)).toContain('waiting for a reader'), 5000);
	controller.abort();
	await waiting;
	expect(lines.at(-1)).toBe('stopped');
	await expect(replay({ file: log, as: 'gps', port })).rejects.toThrow(/--as gps: one of nmea, nonin, pm6750/);
	await expect(replay({ file: log, as: 'nmea', port, pace: 0 })).rejects.toThrow(/--pace 0/);
	await expect(replay({ file: join(directory, 'none'), as: 'nmea', port })).rejects.toThrow(/cannot be read/);
	await expect(replay({ file: file('empty', ''), as: 'nmea', port })).rejects.toThrow(/is empty/);
	await expect(replay({ file: log, as: 'nmea', port: file('precious', 'x') })).rejects.toThrow(/no symbolic link/);
});
