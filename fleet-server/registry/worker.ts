/** Worker thread that writes the records: a disk flush or a large import never holds up the server. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import { openSqlite } from '../store/database.ts';
import { registryMigrations } from './tables.ts';
import { Writer, type Stamp, type Write } from './writer.ts';

/** A batch comes in parts; only its end is answered. */
export type WriterCall =
	| { readonly step: 'begin'; readonly stamp: Stamp }
	| { readonly step: 'apply'; readonly writes: readonly Write[] }
	| { readonly step: 'commit' }
	| { readonly step: 'close' };
/** Null: all of it is on disk; otherwise why nothing of it is. */
export type WriterReply = { readonly error: string | null };

const port = parentPort!;
const writer = new Writer(openSqlite((workerData as { path: string }).path, registryMigrations, 'FULL'));
let stamp: Stamp | null = null;
let error: string | null = null;

/** After the first fault the rest of a batch is passed over. */
function attempt(step: () => void): void {
	if (error !== null) return;
	try {
		step();
	} catch (fault) {
		error = messageOf(fault);
		writer.rollback();
	}
}

port.on('message', (call: WriterCall) => {
	switch (call.step) {
		case 'begin':
			[stamp, error] = [call.stamp, null];
			attempt(() => writer.begin());
			return;
		case 'apply':
			attempt(() => {
				for (const write of call.writes) writer.apply(write, stamp!);
			});
			return;
		case 'commit':
			attempt(() => writer.commit());
			port.postMessage({ error } satisfies WriterReply);
			return;
		case 'close':
			writer.close();
			port.postMessage({ error: null } satisfies WriterReply);
			port.close();
	}
});
