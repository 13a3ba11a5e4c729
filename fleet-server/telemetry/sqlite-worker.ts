/** Worker thread of the SQLite telemetry store: one thread writes, another reads, so that neither waits for the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import type { Call, Reply, Requests, RequestName } from './sqlite-protocol.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { SqliteWriter } from './sqlite-writer.ts';
import { CursorError } from './store.ts';

const { path, role } = workerData as { path: string; role: 'writer' | 'reader' };
const port = parentPort!;
const writer = role === 'writer' ? new SqliteWriter(path) : null;
const reader = role === 'reader' ? new SqliteReader(path) : null;

const handlers: { [N in RequestName]: (request: Requests[N]['request']) => Requests[N]['answer'] } = {
	write: (batches) => writer!.write(batches),
	select: (request) => reader!.select(request),
	latest: () => reader!.latest(),
	corrections: () => reader!.corrections(),
	check: () => {
		writer?.check();
		reader?.check();
		return null;
	},
	close: () => {
		writer?.close();
		reader?.close();
		return null;
	},
};

function answer<N extends RequestName>(call: Call<N>): Reply {
	try {
		return { id: call.id, answer: handlers[call.name](call.request) };
	} catch (error) {
		return { id: call.id, error: messageOf(error), cursor: error instanceof CursorError };
	}
}

port.on('message', (call: Call) => {
	port.postMessage(answer(call));
	if (call.name === 'close') port.close();
});
