/**
 * The few C functions that a pseudo terminal needs and Node does not have, called through koffi. Loaded by {@link libc} at the
 * first use, so that whoever only imports the simulator needs no native code.
 */
import { constants } from 'node:os';
import { constants as file } from 'node:fs';
import koffi from 'koffi';
import { SimError } from '../sim-error.ts';

const POLLIN = 0x1;
const POLLOUT = 0x4;
const POLLHUP = 0x10;

const F_GETFL = 3;
const F_SETFL = 4;
const TCSANOW = 0;
const TCIOFLUSH = process.platform === 'darwin' ? 3 : 2;
/** Larger than any platform's `struct termios` (60 bytes on Linux, 72 on macOS). */
const TERMIOS_BYTES = 256;

export interface PollState {
	readable: boolean;
	writable: boolean;
	/** Nobody has the other end open. */
	hungUp: boolean;
}

export interface Libc {
	/** A new pty: master (non-blocking) and slave in raw mode. @throws {SimError} */
	openPty(): { master: number; slave: number; path: string };
	/** Whether each descriptor can be read, can be written, or has nobody at the other end. Never waits. */
	poll(descriptors: readonly number[]): PollState[];
	/** Bytes taken; 0 when there is no room now. @throws {SimError} when the descriptor is dead. */
	write(fd: number, bytes: Uint8Array): number;
	/** What was there, at most 4096 bytes; empty when nothing is, or nobody at the other end. */
	read(fd: number): Uint8Array;
	/** Forgets what was written and not yet read. */
	flush(fd: number): void;
	/** Puts a terminal into raw mode: bytes pass as they are. @throws {SimError} */
	makeRaw(fd: number): void;
	close(fd: number): void;
}

let instance: Libc | undefined;

/** @throws {SimError} where the platform has no openpty(3). */
export function libc(): Libc {
	instance ??= assemble(bind());
	return instance;
}

/** openpty(3) sits in libutil up to glibc 2.33 and on the BSDs, in the C library since, and in libSystem on macOS. */
function openptyLibrary() {
	const names = process.platform === 'darwin' ? ['libSystem.B.dylib'] : ['libutil.so.1', 'libutil.so', 'libc.so.6'];
	for (const name of names) {
		try {
			const library = koffi.load(name);
			return library.func('int openpty(_Out_ int *master, _Out_ int *slave, _Out_ uint8_t *name, void *termios, void *size)');
		} catch {
			// The next name may have it; the error below lists them all.
		}
	}
	throw new SimError('pty', `no openpty(3) in ${names.join(', ')}: pseudo terminals need Linux or macOS`);
}

function bind() {
	const c = koffi.load(null);
	return {
		openpty: openptyLibrary(),
		tcgetattr: c.func('int tcgetattr(int fd, void *termios)'),
		tcsetattr: c.func('int tcsetattr(int fd, int actions, void *termios)'),
		cfmakeraw: c.func('void cfmakeraw(void *termios)'),
		tcflush: c.func('int tcflush(int fd, int queue)'),
		fcntl: c.func('int fcntl(int fd, int command, ...)'),
		close: c.func('int close(int fd)'),
		read: c.func('long read(int fd, _Out_ uint8_t *buffer, size_t count)'),
		write: c.func('long write(int fd, void *buffer, size_t count)'),
		poll: c.func('int poll(_Inout_ uint8_t *fds, unsigned long count, int timeout)'),
	};
}

type Functions = ReturnType<typeof bind>;

function assemble(c: Functions): Libc {
	const buffer = Buffer.alloc(4096);
	return {
		openPty: () => openPty(c),
		poll: (descriptors) => poll(c, descriptors),
		write(fd, bytes) {
			const count = Number(c.write(fd, bytes, bytes.length));
			if (count >= 0) return count;
			if (mayTryAgain()) return 0;
			throw failed('write to the pty');
		},
		read(fd) {
			const count = Number(c.read(fd, buffer, buffer.length));
			return count > 0 ? new Uint8Array(buffer.subarray(0, count)) : new Uint8Array();
		},
		flush: (fd) => void c.tcflush(fd, TCIOFLUSH),
		makeRaw: (fd) => makeRaw(c, fd),
		close: (fd) => void c.close(fd),
	};
}

function openPty(c: Functions): { master: number; slave: number; path: string } {
	const [masterOut, slaveOut, name] = [[-1], [-1], Buffer.alloc(256)];
	if (c.openpty(masterOut, slaveOut, name, null, null) !== 0) throw failed('openpty');
	const [master, slave] = [masterOut[0]!, slaveOut[0]!];
	try {
		makeRaw(c, slave);
		const flags = Number(c.fcntl(master, F_GETFL));
		if (flags < 0 || c.fcntl(master, F_SETFL, 'int', flags | file.O_NONBLOCK) < 0) throw failed('fcntl');
	} catch (error) {
		c.close(master);
		c.close(slave);
		throw error;
	}
	return { master, slave, path: name.toString('latin1', 0, name.indexOf(0)) };
}

function makeRaw(c: Functions, fd: number): void {
	const termios = Buffer.alloc(TERMIOS_BYTES);
	if (c.tcgetattr(fd, termios) !== 0) throw failed('tcgetattr');
	c.cfmakeraw(termios);
	if (c.tcsetattr(fd, TCSANOW, termios) !== 0) throw failed('tcsetattr');
}

function poll(c: Functions, descriptors: readonly number[]): PollState[] {
	if (descriptors.length === 0) return [];
	// struct pollfd { int fd; short events; short revents; }
	const set = Buffer.alloc(descriptors.length * 8);
	descriptors.forEach((fd, i) => {
		set.writeInt32LE(fd, i * 8);
		set.writeInt16LE(POLLIN | POLLOUT, i * 8 + 4);
	});
	if (c.poll(set, descriptors.length, 0) < 0 && !mayTryAgain()) throw failed('poll');
	return descriptors.map((_, i) => {
		const events = set.readInt16LE(i * 8 + 6);
		return { readable: (events & POLLIN) !== 0, writable: (events & POLLOUT) !== 0, hungUp: (events & POLLHUP) !== 0 };
	});
}

function failed(what: string): SimError {
	const number = koffi.errno();
	const name = Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? `errno ${number}`;
	return new SimError('pty', `${what} failed: ${name}`);
}

function mayTryAgain(): boolean {
	const number = koffi.errno();
	return number === constants.errno.EAGAIN || number === constants.errno.EWOULDBLOCK || number === constants.errno.EINTR;
}
