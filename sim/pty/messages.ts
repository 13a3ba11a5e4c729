/** What the emulator process and its parent say to each other. Structured clone, so byte arrays travel as they are. */
import type { EmulatorSpec } from '../emulators.ts';
import type { DayPlan } from '../journey.ts';
import type { PtyStats } from './pty-port.ts';

export interface PortSpec {
	id: string;
	/** Symbolic link that will point at the pty. */
	link: string;
	/** What speaks on it; without one the port says only what it is fed. */
	emulator?: EmulatorSpec;
}

/** Faults that an emulator is to show, by the names of its own `faults` object. */
export type FaultSettings = Readonly<Record<string, number | boolean | string | null>>;

/** Samples as an emulator sent them, in the order sent. */
export interface SentSamples {
	signal: string;
	/** Values in each sample. */
	channels: number;
	samples: number[][];
}

export type HostRequest =
	| { type: 'open'; port: PortSpec }
	| { type: 'plug' | 'unplug' | 'stats' | 'remove' | 'samples'; id: string }
	| { type: 'feed'; id: string; bytes: Uint8Array }
	| { type: 'faults'; id: string; faults: FaultSettings }
	| { type: 'day'; id: string; day: DayPlan };

/** `call` pairs a reply with its request. */
export type HostCall = HostRequest & { call: number };

export type HostReply =
	| { type: 'ready' }
	| { type: 'reply'; call: number; value?: PtyStats | SentSamples[] }
	| { type: 'error'; call: number; message: string }
	| { type: 'reader'; id: string; open: boolean }
	| { type: 'heard'; id: string; bytes: Uint8Array }
	| { type: 'trouble'; id: string; message: string };
