import {
	closeSync,
	constants,
	existsSync,
	mkdtempSync,
	openSync,
	readlinkSync,
	readSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadlineParser } from '@serialport/parser-readline';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { spawnEmulatorHost, type EmulatorHost } from './host.ts';

let directory: string;
let host: EmulatorHost;
let heard: { id: string; text: string }[];
let troubles: string[];
const open: SerialPort[] = [];
let heartbeat: NodeJS.Timeout;

beforeEach(async () => {
	// serialport's poller calls into JavaScript without running the promises that wait for it (bindings-cpp, poller.cpp): in a
	// process that does nothing else, data lie in the kernel until the loop wakes for another reason.
	heartbeat = setInterval(() => {}, 2);
	directory = mkdtempSync(join(tmpdir(), 'junkai-pty-'));
	heard = [];
	troubles = [];
	host = await spawnEmulatorHost({
		onHeard: (id, bytes) => heard.push({ id, text: Buffer.from(bytes).toString('latin1') }),
		onTrouble: (_id, message) => troubles.push(message),
	});
});
afterEach(async () => {
	clearInterval(heartbeat);
	await Promise.all(open.splice(0).map((port) => closePort(port)));
	await host.close();
	rmSync(directory, { recursive: true, force: true });
});

const link = () => join(directory, 'run', 'gnss');
const closePort = (port: SerialPort) => new Promise<void>((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve()));

/** A reader of our own: serialport 13 may miss a hang-up that falls into a read (bindings-cpp issue 162). */
function rawReader(path: string): { hungUp: () => boolean; close: () => void } {
	const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
	return {
		hungUp() {
			try {
				return readSync(fd, Buffer.alloc(64)) === 0;
			} catch (error) {
				return (error as NodeJS.ErrnoException).code === 'EIO';
			}
		},
		close: () => closeSync(fd),
	};
}

async function read(path: string): Promise<{ port: SerialPort; bytes: () => Buffer }> {
	const port = new SerialPort({ path, baudRate: 9600, autoOpen: false });
	const chunks: Buffer[] = [];
	port.on('data', (chunk: Buffer) => chunks.push(chunk));
	port.on('error', () => {});
	await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
	open.push(port);
	return { port, bytes: () => Buffer.concat(chunks) };
}

test('50,000 numbered lines come through whole and in order', async () => {
	await host.open({ id: 'gnss', link: link() });
	const reader = await read(link());
	let text = '';
	for (let i = 1; i <= 50_000; i++) text += `$TEST,${String(i).padStart(6, '0')},\r\n`;
	const all = Buffer.from(text, 'latin1');
	for (let i = 0; i < all.length; i += 65_536) await host.feed('gnss', all.subarray(i, i + 65_536));
	await vi.waitFor(() => expect(reader.bytes().length).toBe(all.length), 15_000);
	expect(reader.bytes().equals(all)).toBe(true);
	expect(await host.stats('gnss')).toMatchObject({ written: all.length, overrun: 0, unheard: 0, open: true, opened: 1 });
});

test('a reader that cuts lines by itself sees each of them once', async () => {
	await host.open({ id: 'gnss', link: link() });
	const { port } = await read(link());
	const lines: string[] = [];
	port.pipe(new ReadlineParser({ delimiter: '\r\n' })).on('data', (line: string) => lines.push(line));
	const sent = Array.from({ length: 2000 }, (_, i) => `$TEST,${i},`);
	await host.feed('gnss', Buffer.from(`${sent.join('\r\n')}\r\n`));
	await vi.waitFor(() => expect(lines.length).toBe(sent.length), 10_000);
	expect(lines).toEqual(sent);
});

test('every byte value passes unchanged, both ways', async () => {
	await host.open({ id: 'gnss', link: link() });
	const reader = await read(link());
	const every = Uint8Array.from({ length: 512 }, (_, i) => i & 0xff);
	await host.feed('gnss', every);
	await vi.waitFor(() => expect(reader.bytes().length).toBe(512), 5000);
	expect(reader.bytes().equals(Buffer.from(every))).toBe(true);
	reader.port.write(Buffer.from(every));
	await vi.waitFor(() => expect(heard.map((h) => h.text).join('')).toBe(Buffer.from(every).toString('latin1')), 5000);
	// Nothing is echoed.
	expect(reader.bytes().length).toBe(512);
});

test('a fed reader that does not read holds the feeder, and loses nothing', async () => {
	await host.open({ id: 'gnss', link: link() });
	const reader = await read(link());
	reader.port.pause();
	const bytes = Buffer.alloc(400_000, 0x55);
	let done = false;
	const fed = host.feed('gnss', bytes).then(() => (done = true));
	await vi.waitFor(async () => expect((await host.stats('gnss')).written).toBeGreaterThan(4000), 5000);
	expect((await host.stats('gnss')).written).toBeLessThan(bytes.length);
	expect(done).toBe(false);
	reader.port.resume();
	await fed;
	await vi.waitFor(() => expect(reader.bytes().length).toBe(bytes.length), 10_000);
	expect((await host.stats('gnss')).overrun).toBe(0);
});

test('feeding waits for a reader, and the next reader gets nothing stale', async () => {
	await host.open({ id: 'gnss', link: link() });
	const fed = host.feed('gnss', Buffer.from('first'));
	const first = await read(link());
	await fed;
	await vi.waitFor(() => expect(first.bytes().toString()).toBe('first'), 5000);
	first.port.pause();
	await host.feed('gnss', Buffer.from('never read'));
	await closePort(first.port);
	await vi.waitFor(async () => expect((await host.stats('gnss')).open).toBe(false), 5000);
	const second = await read(link());
	await host.feed('gnss', Buffer.from('second'));
	await vi.waitFor(() => expect(second.bytes().toString()).toBe('second'), 5000);
	expect((await host.stats('gnss')).opened).toBe(2);
});

test('unplug ends the reader, replug comes back behind the same link', async () => {
	await host.open({ id: 'gnss', link: link() });
	await host.open({ id: 'other', link: join(directory, 'run', 'other') });
	const other = await read(join(directory, 'run', 'other'));
	const reader = rawReader(link());
	expect(reader.hungUp()).toBe(false);
	await host.unplug('gnss');
	expect(reader.hungUp()).toBe(true);
	reader.close();
	expect(existsSync(link())).toBe(false);
	expect((await host.stats('gnss')).plugged).toBe(false);
	await host.feed('other', Buffer.from('still here'));
	await vi.waitFor(() => expect(other.bytes().toString()).toBe('still here'), 5000);

	await host.plug('gnss');
	expect(statSync(link()).isCharacterDevice()).toBe(true);
	const again = await read(link());
	await host.feed('gnss', Buffer.from('back'));
	await vi.waitFor(() => expect(again.bytes().toString()).toBe('back'), 5000);
});

test('a stale link is replaced, a real file is left alone', async () => {
	const stale = join(directory, 'stale');
	symlinkSync('/dev/pts/does-not-exist', stale);
	await host.open({ id: 'a', link: stale });
	expect(statSync(stale).isCharacterDevice()).toBe(true);
	const file = join(directory, 'file');
	writeFileSync(file, 'precious');
	await expect(host.open({ id: 'b', link: file })).rejects.toThrow(/is no symbolic link/);
	await expect(host.open({ id: 'a', link: stale })).rejects.toThrow(/already open/);
	await expect(host.stats('none')).rejects.toThrow(/no port "none"/);
	await host.remove('a');
	expect(existsSync(stale)).toBe(false);
});

test('when the emulator process is killed, its ports come back', async () => {
	await host.open({ id: 'gnss', link: link() });
	const reader = rawReader(link());
	const before = readlinkSync(link());
	const pid = host.pid!;
	process.kill(pid, 'SIGKILL');
	await vi.waitFor(() => expect(reader.hungUp()).toBe(true), 5000);
	reader.close();
	await vi.waitFor(() => expect(host.pid).not.toBe(pid), 10_000);
	await vi.waitFor(() => host.stats('gnss'), 10_000);
	expect(statSync(link()).isCharacterDevice()).toBe(true);
	expect(before).toMatch(/^\/dev\//);
	const again = await read(link());
	await host.feed('gnss', Buffer.from('alive'));
	await vi.waitFor(() => expect(again.bytes().toString()).toBe('alive'), 5000);
	expect(troubles.join()).toContain('SIGKILL');
});
