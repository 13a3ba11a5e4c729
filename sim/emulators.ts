export interface EmulatorSpec {
	device: string;
}
export interface RunningEmulator {
	advance(now: number): Uint8Array;
	receive(bytes: Uint8Array): void;
	setFaults(faults: Readonly<Record<string, number | boolean | string | null>>): void;
	takeSamples(): { signal: string; channels: readonly string[]; samples: number[][] }[];
}
export function createEmulator(spec: EmulatorSpec): RunningEmulator {
	throw new Error(`no emulator for ${spec.device}`);
}
