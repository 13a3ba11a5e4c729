/** The spool's thread: a disk flush takes milliseconds, on a memory card tens of them, and no serial byte must wait for it. */
import { parentPort, workerData } from 'node:worker_threads';
import { SpoolFile } from './database.ts';
import { isCorrupt } from './sqlite-errors.ts';
import type { SpoolReplies, SpoolReply, SpoolRequest, SpoolWorkerData } from './messages.ts';

const port = parentPort;
if (port === null) throw new Error('spool/worker.ts runs as a worker thread');
const { options, boot } = workerData as SpoolWorkerData;
const file = new SpoolFile(options);

const say = (reply: SpoolReply): void => port.postMessage(reply);

try {
	const opened = file.open();
	say({ type: 'opened', opened, losses: file.unreportedLosses() });
} catch (error) {
	say({ type: 'unusable', message: text(error) });
}

port.on('message', (request: SpoolRequest) => {
	try {
		say({ type: 'reply', id: request.id, value: answerOnSoundFile(request) });
		if (request.type === 'commit') tidy(request);
	} catch (error) {
		say({ type: 'failed', id: request.id, message: text(error) });
	}
	if (request.type === 'close') port.close();
});

/** Damage may show at any page, at any time: the file is set aside and the request is answered by the new one. */
function answerOnSoundFile(request: SpoolRequest): SpoolReplies[keyof SpoolReplies] {
	try {
		return answer(request);
	} catch (error) {
		if (!isCorrupt(error)) throw error;
		say({ type: 'opened', opened: file.setAside(text(error)), losses: [] });
		return answer(request.type === 'commit' ? { ...request, acked: [], refused: [], reportedLosses: [] } : request);
	}
}

function answer(request: SpoolRequest): SpoolReplies[keyof SpoolReplies] {
	switch (request.type) {
		case 'commit': {
			if (request.refused.length > 0) file.refuse(request.refused);
			const dropped = file.commit(boot, request.entries, request.acked, request.reportedLosses);
			return { dropped, losses: file.unreportedLosses() };
		}
		case 'read':
			return file.read(request.lane, request.after, request.before, request.maxRecords, request.maxBytes);
		case 'counts':
			return file.counts();
		case 'close':
			file.close();
			return null;
	}
}

function tidy({ entries, acked }: Extract<SpoolRequest, { type: 'commit' }>): void {
	try {
		file.tidy(entries, acked);
	} catch {
		// What is wrong shows at the next commit, which somebody waits for.
	}
}

function text(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
