/**
 * Mends two faults in the reading of serialport's binding (bindings-cpp 13, its issue 162): on a line that hung up in the
 * middle of a read the system gives 0 bytes for ever, and the binding reads again without end, growing and never closing;
 * and its poller calls into JavaScript without running the promises that wait for it, so that bytes lie in the kernel until
 * something else wakes the event loop.
 */
import { read as readFile } from 'node:fs';
import { promisify } from 'node:util';
import { DarwinPortBinding, LinuxPortBinding } from '@serialport/bindings-cpp';

const read = promisify(readFile);
const TRY_AGAIN = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

type UnixPort = LinuxPortBinding | DarwinPortBinding;

/** Mends the reading of a port that has just been opened; leaves a port of another platform as it is. */
export function mendReading(port: unknown): void {
	if (!(port instanceof LinuxPortBinding || port instanceof DarwinPortBinding)) return;
	port.read = (buffer, offset, length) => readSome(port, buffer, offset, length);
}

async function readSome(
	port: UnixPort,
	buffer: Buffer,
	offset: number,
	length: number,
): Promise<{ buffer: Buffer; bytesRead: number }> {
	for (;;) {
		if (!port.isOpen || port.fd === null) throw Object.assign(new Error('the port is closed'), { canceled: true });
		let bytesRead: number;
		try {
			({ bytesRead } = await read(port.fd, buffer, offset, length, null));
		} catch (error) {
			if (!(error instanceof Error)) throw error;
			if (!('code' in error && TRY_AGAIN.has(String(error.code)))) throw Object.assign(error, { disconnect: true });
			await readable(port);
			continue;
		}
		if (bytesRead > 0) return { buffer, bytesRead };
		throw Object.assign(new Error('the line hung up'), { disconnect: true });
	}
}

function readable(port: UnixPort): Promise<void> {
	return new Promise((resolve, reject) => {
		port.poller.once('readable', (error) => {
			// An immediate makes the event loop turn, and with it the promises that wait.
			setImmediate(() => (error === null || error === undefined ? resolve() : reject(error)));
		});
	});
}
