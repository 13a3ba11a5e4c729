/** What the tests of several drivers share. */
import * as fc from 'fast-check';
import type { Driver, DriverFacts, DriverOutput, DriverReading, DriverWaveform } from '../driver.ts';

/** Bytes from hex text; blanks, dots and bars are for the eye. */
export function hex(text: string): Uint8Array {
	return Uint8Array.fromHex(text.replaceAll(/[\s·|]/g, ''));
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** A driver with what it gave out. */
export class Bench {
	readonly outputs: DriverOutput[] = [];
	readonly times: number[] = [];
	readonly driver: Driver;

	constructor(facts: DriverFacts) {
		this.driver = facts.create((output, at) => {
			this.outputs.push(output);
			this.times.push(at);
		});
	}

	push(bytes: Uint8Array, at = 0): this {
		this.driver.push(bytes, at);
		return this;
	}

	/** Pushes in pieces of the given lengths, over and over. */
	pushSplit(bytes: Uint8Array, lengths: readonly number[], at = 0): this {
		for (let start = 0, i = 0; start < bytes.length; i++) {
			const length = lengths[i % lengths.length]!;
			this.driver.push(bytes.subarray(start, start + length), at);
			start += length;
		}
		return this;
	}

	end(at = 0): this {
		this.driver.end(at);
		return this;
	}

	readings(code?: string): DriverReading[] {
		return this.outputs.filter((o) => o.type === 'reading').filter((o) => code === undefined || o.code === code);
	}

	waveforms(signal?: string): DriverWaveform[] {
		return this.outputs.filter((o) => o.type === 'waveform').filter((o) => signal === undefined || o.signal === signal);
	}

	/** All samples of a signal's channel, joined. */
	samples(signal: string, channel = 0): number[] {
		return this.waveforms(signal).flatMap((waveform) => Array.from(waveform.samples[channel]!));
	}

	/** What was given out, waveforms joined as far as they belong together, so that two runs can be compared. */
	summary(): unknown[] {
		const waves = new Map<string, number[][]>();
		const rest: unknown[] = [];
		for (const output of this.outputs) {
			if (output.type !== 'waveform') {
				rest.push(output);
				continue;
			}
			const key = `${output.signal}/${output.channels.join()}`;
			const joined = waves.get(key) ?? [];
			for (const [i, channel] of output.samples.entries()) (joined[i] ??= []).push(...channel);
			waves.set(key, joined);
		}
		return [...rest, ...[...waves].toSorted(([a], [b]) => a.localeCompare(b))];
	}
}

/** Lengths of the pieces in which bytes arrive. */
export const splits = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });

/** What a line may do to one stretch of bytes. */
export const harm = fc.record({
	kind: fc.constantFrom('flip', 'lose', 'double', 'insert'),
	/** Where in the frame, as a part of its length. */
	place: fc.double({ min: 0, max: 0.999, noNaN: true }),
	bit: fc.integer({ min: 0, max: 7 }),
	noise: fc.uint8Array({ minLength: 1, maxLength: 20 }),
});
export type Harm = typeof harm extends fc.Arbitrary<infer T> ? T : never;

export function doHarm(frame: Uint8Array, { kind, place, bit, noise }: Harm): Uint8Array {
	const at = Math.floor(place * frame.length);
	switch (kind) {
		case 'flip': {
			const flipped = Uint8Array.from(frame);
			flipped[at] = flipped[at]! ^ (1 << bit);
			return flipped;
		}
		case 'lose':
			return join(frame.subarray(0, at), frame.subarray(at + 1));
		case 'double':
			return join(frame.subarray(0, at + 1), frame.subarray(at));
		default:
			return join(frame.subarray(0, at), noise, frame.subarray(at));
	}
}

/** Any bytes whatever, in any pieces, with a look at the clock between: a driver takes them without a word. */
export function survivesAnything(facts: DriverFacts, likely: readonly number[]): void {
	const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...likely));
	fc.assert(
		fc.property(fc.array(byte, { maxLength: 600 }), splits, (bytes, lengths) => {
			const bench = new Bench(facts);
			const all = Uint8Array.from(bytes);
			for (let start = 0, i = 0; start < all.length; i++) {
				const length = lengths[i % lengths.length]!;
				bench.driver.push(all.subarray(start, start + length), i * 30);
				bench.driver.idle(i * 30 + 15);
				if (i % 17 === 16) bench.driver.reset();
				start += length;
			}
			bench.end(10_000);
			return bench.driver.counters.bytes === all.length && bench.driver.counters.discardedBytes <= all.length;
		}),
		{ numRuns: 150 },
	);
}
