/**
 * Valhalla, alone in a process: it is native code that keeps its tiles for ever and takes the process down when it fails. One
 * Actor, one request at a time (an Actor is not made for several). Started by `engine-process.ts` with its configuration's path.
 */
import { readFileSync } from 'node:fs';
import { Actor } from '@valhallajs/valhallajs';
import { z } from 'zod';
import { engineMethods } from './engine-process.ts';

const question = z.object({ id: z.number(), method: z.enum(engineMethods), query: z.string() });

const path = process.argv[2];
if (path === undefined) throw new Error('usage: valhalla-process CONFIG');
const actor = new Actor(readFileSync(path, 'utf8'));

process.on('message', (message) => {
	const { id, method, query } = question.parse(message);
	actor[method](query).then(
		(body) => process.send?.({ id, body }),
		(error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
	);
});
// The server is gone: so is the one who asks.
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches the whole group; the server ends this process when its last answers are out.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.send?.({ ready: true });
