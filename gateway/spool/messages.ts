/** What the gateway's main thread and the spool's worker say to each other. One request at a time is under way of each type. */
import type { Lane, SeqRange } from '@junkai/contracts';
import type { Loss, SpoolCounts, SpoolEntry, SpoolFileOptions, SpoolOpened } from './database.ts';

export interface SpoolWorkerData {
	options: SpoolFileOptions;
	boot: string;
}

export type SpoolRequest =
	| {
			type: 'commit';
			id: number;
			entries: SpoolEntry[];
			acked: SeqRange[];
			refused: { seq: number; reason: string }[];
			reportedLosses: number[];
	  }
	| { type: 'read'; id: number; lane: Lane; after: number; before: number; maxRecords: number; maxBytes: number }
	| { type: 'counts'; id: number }
	| { type: 'close'; id: number };

export interface SpoolReplies {
	commit: {
		/** Seqs of waveforms that found no room. */
		dropped: number[];
		losses: Loss[];
	};
	read: { boot: string; entries: SpoolEntry[] };
	counts: SpoolCounts;
	close: null;
}

export type SpoolReply =
	/** First of all, and again whenever the file turned out to be corrupt and a new one was begun. */
	| { type: 'opened'; opened: SpoolOpened; losses: Loss[] }
	| { type: 'unusable'; message: string }
	| { type: 'reply'; id: number; value: SpoolReplies[keyof SpoolReplies] }
	| { type: 'failed'; id: number; message: string };
