/** Where a replay writes to: a pty of its own behind a link, or a terminal that is there already. */
import { closeSync, constants, lstatSync, openSync, readlinkSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { libc } from '../pty/libc.ts';
import { createPty } from '../pty/pty-port.ts';
import { SimError } from '../sim-error.ts';

export interface ReplayOutput {
	/** In words, for whoever watches. */
	readonly description: string;
	/** Resolves once somebody reads; at once where that can't be known. */
	reader(signal: AbortSignal): Promise<void>;
	/** Writes all of it, waiting for room. Rejects when the reader is gone for good. */
	write(bytes: Uint8Array, signal: AbortSignal): Promise<void>;
	close(): Promise<void>;
}

const POLL_MS = 20;

/** @throws {SimError} when the path can't be used. */
export function openOutput(path: string): ReplayOutput {
	return isForeignTerminal(path) ? existingTerminal(path) : ownPty(path);
}

/** A terminal device that is no leftover link of ours to a pty. */
function isForeignTerminal(path: string): boolean {
	const link = lstatSync(path, { throwIfNoEntry: false });
	if (!link) return false;
	if (link.isSymbolicLink() && /^\/dev\/(pts\/|ttys)\d+$/.test(readlinkSync(path))) return false;
	return statSync(path, { throwIfNoEntry: false })?.isCharacterDevice() ?? false;
}

function ownPty(link: string): ReplayOutput {
	const port = createPty({ link, everyMs: 2 });
	const reader = async (signal: AbortSignal) => {
		while (!port.stats.open) await pause(POLL_MS, undefined, { signal });
	};
	return {
		description: `${link} → ${port.path}, made for this replay`,
		reader,
		write: (bytes) => port.feed(bytes),
		async close() {
			// The last bytes are still in the kernel: a reader that is alive takes them in a moment.
			if (port.stats.open) await pause(300);
			port.close();
		},
	};
}

function existingTerminal(path: string): ReplayOutput {
	let fd: number;
	try {
		fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
		libc().makeRaw(fd);
	} catch (cause) {
		throw new SimError('replay', `${path} cannot be written to: ${cause instanceof Error ? cause.message : String(cause)}`, {
			cause,
		});
	}
	return {
		description: `${path}, which was there already`,
		reader: () => Promise.resolve(),
		async write(bytes, signal) {
			for (let sent = 0; sent < bytes.length;) {
				const taken = libc().write(fd, bytes.subarray(sent, sent + 4096));
				sent += taken;
				if (taken === 0) await pause(2, undefined, { signal });
			}
		},
		close() {
			closeSync(fd);
			return Promise.resolve();
		},
	};
}
