/** Bodies of many megabytes, read piece by piece: nothing is copied twice, nothing is parsed, and no piece takes long. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../errors.ts';
import { ProblemError } from './problem.ts';

export interface LargeBodyLimits {
	/** Bytes, unpacked. */
	readonly maxBytes: number;
	/** Sets memory aside, or gives it back when negative; throws when there is none. */
	readonly reserve: (bytes: number) => void;
}

/**
 * Reads a body, packed by gzip or plain. The reserved memory, as large as the answer's whole buffer, goes to the caller. Rejects
 * with a ProblemError: 413 too large, 415 an unknown packing, 400 broken off or not to be unpacked.
 */
export async function readLargeBody(request: IncomingMessage, { maxBytes, reserve }: LargeBodyLimits): Promise<Uint8Array> {
	const packing = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
	if (packing !== 'identity' && packing !== 'gzip') {
		throw new ProblemError(415, `The body is packed by ${packing}; only gzip is understood.`, {
			headers: { 'accept-encoding': 'gzip' },
		});
	}
	const told = request.headers['content-length'];
	const length = packing === 'identity' && told !== undefined ? Number(told) : maxBytes;
	if (length > maxBytes || Number(told ?? 0) > maxBytes) throw tooLarge(maxBytes);
	reserve(length);
	// Pages that nothing is written to take no memory.
	const bytes = new Uint8Array(length);
	try {
		return bytes.subarray(0, await fill(bytes, packing === 'gzip' ? gunzipped(request) : request, maxBytes));
	} catch (error) {
		reserve(-length);
		// What still comes is let go by, so that the answer reaches whoever is still sending.
		request.unpipe();
		request.resume();
		if (error instanceof ProblemError) throw error;
		throw new ProblemError(400, `The body cannot be read: ${messageOf(error)}.`, { cause: error });
	}
}

const tooLarge = (maxBytes: number): ProblemError => {
	const most = `${Math.floor(maxBytes / 1024 / 1024)} MB`;
	const message = `larger than the ${most} that this server takes (JUNKAI_OPTIMIZE_MEGABYTES)`;
	return new ProblemError(413, `The body is larger than ${most}.`, { errors: [{ field: 'body', message }] });
};

function gunzipped(request: IncomingMessage): Readable {
	const gunzip = createGunzip();
	request.once('error', (error) => gunzip.destroy(error));
	request.once('aborted', () => gunzip.destroy(new Error('the connection was cut')));
	return request.pipe(gunzip);
}

async function fill(bytes: Uint8Array, source: Readable, maxBytes: number): Promise<number> {
	let size = 0;
	// The request's own stream must live on: the answer goes out over its socket.
	for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
		if (size + chunk.byteLength > bytes.byteLength) throw tooLarge(maxBytes);
		bytes.set(chunk, size);
		size += chunk.byteLength;
	}
	return size;
}
