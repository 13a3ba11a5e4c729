/** Reads a recorded stream of a device, from beginning to end. */
import type { DriverCounters, DriverEvent, DriverOutput, DriverPosition, DriverReading, DriverWaveform } from './driver.ts';
import { FirmwareBridgeError } from './error.ts';
import { drivers } from './registry.ts';

/** A waveform as it can be printed. */
export type PlainWaveform = Omit<DriverWaveform, 'samples'> & { samples: number[][] };

/** What a decoded line of JSON holds. */
export type PlainOutput = DriverPosition | DriverReading | PlainWaveform | DriverEvent;

/** A driver's output as plain JSON values. */
export function plain(output: DriverOutput): PlainOutput {
	return output.type === 'waveform' ? { ...output, samples: output.samples.map((channel) => Array.from(channel)) } : output;
}

/**
 * Decodes bytes of the device that `driverId` names, in the order of the stream. There is no clock in a recording: nothing
 * depends on when a chunk arrives. Returns what the driver counted.
 * Throws a {@link FirmwareBridgeError} `unknown-driver`.
 */
export async function* decode(
	driverId: string,
	chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<PlainOutput, Readonly<DriverCounters>, void> {
	const facts = Object.hasOwn(drivers, driverId) ? drivers[driverId] : undefined;
	if (!facts) {
		throw new FirmwareBridgeError('unknown-driver', `no driver "${driverId}"; there are: ${Object.keys(drivers).join(', ')}`);
	}
	let outputs: PlainOutput[] = [];
	const driver = facts.create((output) => outputs.push(plain(output)));
	for await (const chunk of chunks) {
		driver.push(chunk, 0);
		yield* outputs;
		outputs = [];
	}
	driver.end(0);
	yield* outputs;
	return driver.counters;
}
