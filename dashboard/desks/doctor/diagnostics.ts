/**
 * A handle for tests and for looking into a running page: `window.junkai`. It only reads. `traces()` returns what the trace
 * buffers hold, one entry a channel and unbroken run of samples; `stats()` how the channel, the sweep and the frames do.
 */
import type { LiveStats } from '../../shared/live/live-client.ts';
import type { TraceDump, TraceStore } from './traces/trace-store.ts';

export interface JunkaiDiagnostics {
	traces: () => TraceDump[];
	stats: () => {
		live: LiveStats;
		blocks: number;
		lateBlocks: number;
		/** Van time at the sweep, ms since 1970. */
		head: number | null;
		/** The newest sample ahead of the sweep, ms. */
		buffered: number | null;
		/** Frames drawn in the last full second. */
		framesPerSecond: number;
		/** ms that drawing took, mean of that second. */
		frameCost: number;
	};
}

declare global {
	interface Window {
		junkai?: JunkaiDiagnostics;
	}
}

export const frameMeter = { framesPerSecond: 0, frameCost: 0 };

export function exposeDiagnostics(store: TraceStore, live: Readonly<LiveStats>): () => void {
	const handle: JunkaiDiagnostics = {
		traces: () => store.dump(),
		stats: () => ({
			live: { ...live },
			blocks: store.blocks,
			lateBlocks: store.lateBlocks,
			head: store.playout.head(),
			buffered: store.playout.buffered(),
			...frameMeter,
		}),
	};
	window.junkai = handle;
	return () => {
		if (window.junkai === handle) delete window.junkai;
	};
}
