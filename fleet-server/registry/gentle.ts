/** Long work in short slices, so that the server's one thread is never held for long. */
import { setImmediate } from 'node:timers/promises';

/** Short enough that nothing else notices. */
const SLICE_MS = 8;

/** What `step` makes of each item; lets others work in between. */
export async function gently<T, U>(items: readonly T[], step: (item: T, index: number) => U): Promise<U[]> {
	const results: U[] = [];
	let end = performance.now() + SLICE_MS;
	for (const [index, item] of items.entries()) {
		results.push(step(item, index));
		if (performance.now() > end) {
			await setImmediate();
			end = performance.now() + SLICE_MS;
		}
	}
	return results;
}
