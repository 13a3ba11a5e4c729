import { closeSync, constants, lstatSync, mkdirSync, openSync, readlinkSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { SimError } from '../sim-error.ts';
import { libc, type PollState } from './libc.ts';

/** What went through a port since it was made. */
export interface PtyStats {
	/** Bytes that a reader could take. */
	written: number;
	/** Bytes lost because nobody had the port open, as on a cable that ends in the air. */
	unheard: number;
	/** Bytes lost because the reader was too slow: a UART does not wait. */
	overrun: number;
	/** Bytes that came from the reader. */
	received: number;
	/** Whether someone has the port open now. */
	open: boolean;
	/** Whether the device is plugged in. */
	plugged: boolean;
	/** Times that a reader opened it. */
	opened: number;
}

/** A reader that has just opened the port may still be setting the line up and throw away what comes before it has. */
const SETTLE_MS = 150;

interface Feed {
	bytes: Uint8Array;
	offset: number;
	done: () => void;
	failed: (error: Error) => void;
}

/**
 * One pty behind a symbolic link with a lasting name, as udev gives a USB serial adapter. It has no timer of its own: call
 * {@link PtyPort.service} often (a few to some tens of milliseconds apart).
 *
 * Its master must live in another process than the reader: with both in one, a full buffer stops the process that would empty it.
 */
export class PtyPort {
	readonly link: string;
	/** Called with what the reader wrote. */
	onData: (bytes: Uint8Array) => void = () => {};
	/** Called when a reader opens (true) or leaves (false) the port. */
	onReader: (open: boolean) => void = () => {};
	#master: number | null = null;
	#path = '';
	#reader = false;
	#readySince = Infinity;
	#feeds: Feed[] = [];
	#stats: Omit<PtyStats, 'open' | 'plugged'> = { written: 0, unheard: 0, overrun: 0, received: 0, opened: 0 };

	constructor(link: string) {
		this.link = link;
	}

	/** The terminal behind the link now, such as /dev/pts/7; empty while unplugged. */
	get path(): string {
		return this.#path;
	}

	get stats(): PtyStats {
		return { ...this.#stats, open: this.#reader, plugged: this.#master !== null };
	}

	/** The master's descriptor, for one poll over many ports. */
	get descriptor(): number | null {
		return this.#master;
	}

	/** Makes a new pty and points the link at it in one step. Does nothing while plugged. @throws {SimError} */
	plug(): void {
		if (this.#master !== null) return;
		const pty = libc().openPty();
		// Without our own hold on the slave, poll tells us when nobody reads.
		libc().close(pty.slave);
		try {
			point(this.link, pty.path);
		} catch (error) {
			libc().close(pty.master);
			throw error;
		}
		this.#master = pty.master;
		this.#path = pty.path;
	}

	/** Pulls the plug: the reader's file fails at once, and the link is gone. */
	unplug(): void {
		if (this.#master === null) return;
		libc().close(this.#master);
		this.#master = null;
		removeLink(this.link, this.#path);
		this.#path = '';
		this.#setReader(false);
	}

	/** Unplugs for good; what was being fed fails. */
	close(): void {
		this.unplug();
		const error = new SimError('pty', `${this.link} was closed while bytes were waiting`);
		for (const feed of this.#feeds.splice(0)) feed.failed(error);
	}

	/** Writes as a device does: what does not fit now is lost, and counted. Returns the bytes taken. */
	write(bytes: Uint8Array): number {
		if (bytes.length === 0) return 0;
		if (this.#master === null || !this.#reader) {
			this.#stats.unheard += bytes.length;
			return 0;
		}
		const taken = this.#writeSome(this.#master, bytes);
		this.#stats.overrun += bytes.length - taken;
		return taken;
	}

	/** Writes all of it, waiting for a reader and for room. Resolves once the kernel has the last byte. */
	feed(bytes: Uint8Array): Promise<void> {
		if (bytes.length === 0) return Promise.resolve();
		return new Promise((done, failed) => this.#feeds.push({ bytes, offset: 0, done, failed }));
	}

	/** Whether bytes wait for room or for a reader. */
	get feeding(): boolean {
		return this.#feeds.length > 0;
	}

	/** Looks after the port: who has it open, what it said, what waits. `state` is this port's part of a common poll. */
	service(now: number, state: PollState = this.#poll()): void {
		if (this.#master === null) return;
		if (state.hungUp && this.#reader) this.#discardUnread();
		if (!state.hungUp && !this.#reader) this.#readySince = now + SETTLE_MS;
		this.#setReader(!state.hungUp);
		if (state.readable) this.#readAll(this.#master);
		if (this.#reader && now >= this.#readySince) this.#pump(this.#master);
	}

	#poll(): PollState {
		if (this.#master === null) return { readable: false, writable: false, hungUp: true };
		return libc().poll([this.#master])[0]!;
	}

	#setReader(open: boolean): void {
		if (open === this.#reader) return;
		this.#reader = open;
		if (open) this.#stats.opened++;
		this.onReader(open);
	}

	#readAll(master: number): void {
		// Bounded, so that a reader that writes without end cannot hold the process.
		for (let i = 0; i < 16; i++) {
			const bytes = libc().read(master);
			if (bytes.length === 0) return;
			this.#stats.received += bytes.length;
			this.onData(bytes);
			if (this.#master !== master) return;
		}
	}

	#pump(master: number): void {
		for (let feed = this.#feeds[0]; feed; feed = this.#feeds[0]) {
			const taken = this.#writeSome(master, feed.bytes.subarray(feed.offset));
			feed.offset += taken;
			if (feed.offset < feed.bytes.length) return;
			this.#feeds.shift();
			feed.done();
		}
	}

	#writeSome(master: number, bytes: Uint8Array): number {
		let taken = 0;
		while (taken < bytes.length) {
			const count = this.#tryWrite(master, bytes.subarray(taken, taken + 4096));
			if (count === 0) break;
			taken += count;
		}
		this.#stats.written += taken;
		return taken;
	}

	#tryWrite(master: number, bytes: Uint8Array): number {
		try {
			return libc().write(master, bytes);
		} catch {
			// Dead descriptor: the next service finds the hang-up. The bytes count as lost.
			return 0;
		}
	}

	/** A UART's receive buffer does not outlive its reader: the next one must not get stale bytes. */
	#discardUnread(): void {
		try {
			const slave = openSync(this.#path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
			libc().flush(slave);
			closeSync(slave);
		} catch {
			// The terminal went away meanwhile; there is nothing left to discard.
		}
	}
}

function point(link: string, target: string): void {
	mkdirSync(dirname(link), { recursive: true });
	const existing = lstatSync(link, { throwIfNoEntry: false });
	if (existing && !existing.isSymbolicLink()) {
		throw new SimError('pty', `${link} exists and is no symbolic link: it is left alone; give another path for the port`);
	}
	const fresh = `${link}.${process.pid}.new`;
	try {
		unlinkSync(fresh);
	} catch {
		// Usually there is none.
	}
	symlinkSync(target, fresh);
	renameSync(fresh, link);
}

function removeLink(link: string, target: string): void {
	try {
		// It may belong to someone else by now.
		if (readlinkSync(link) === target) unlinkSync(link);
	} catch {
		// Already gone.
	}
}

/** A pty with a timer of its own, for a process that has one of them. */
export function createPty(options: { link: string; everyMs?: number }): PtyPort {
	return new TickingPort(options.link, options.everyMs ?? 5);
}

class TickingPort extends PtyPort {
	readonly #timer: NodeJS.Timeout;

	constructor(link: string, every: number) {
		super(link);
		this.plug();
		this.#timer = setInterval(() => this.service(performance.now()), every);
	}

	override close(): void {
		clearInterval(this.#timer);
		super.close();
	}
}
