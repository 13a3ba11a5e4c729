/** Reads one file in a thread of its own, with memory of its own: whatever is in the file, the server goes on. */
import { parentPort, workerData } from 'node:worker_threads';
import { intakeOperations } from '@junkai/contracts';
import { IntakeError } from '../intake-error.ts';
import { readGrid } from './grid.ts';
import type { ReaderAnswer } from './protocol.ts';

function answer(body: Uint8Array): ReaderAnswer {
	let value: unknown;
	try {
		value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
	} catch {
		return { kind: 'invalid', errors: [{ field: 'body', message: 'it is not JSON' }] };
	}
	const parsed = intakeOperations.previewIntake.body.safeParse(value);
	if (!parsed.success) {
		const errors = parsed.error.issues
			.slice(0, 20)
			.map(({ path, message }) => ({ field: path.map(String).join('.') || 'body', message }));
		return { kind: 'invalid', errors };
	}
	const { content, ...options } = parsed.data;
	try {
		return { kind: 'grid', grid: readGrid(Buffer.from(content, 'base64'), options) };
	} catch (error) {
		if (!(error instanceof IntakeError)) throw error;
		return { kind: 'refused', refusal: error.refusal, message: error.message };
	}
}

parentPort?.postMessage(answer(workerData as Uint8Array));
