/**
 * Seeded random numbers for the searches: xoshiro128++ (Blackman and Vigna, 2019), the same on every machine. The state lies in
 * an Int32Array, so that drawing allocates nothing and V8 keeps it in registers where the call is inlined.
 */

export interface Random {
	/** Uniform whole number in 0 .. 2^31 - 1. */
	readonly next: () => number;
	/** Uniform whole number in 0 .. count - 1; `count` at least 1. */
	readonly below: (count: number) => number;
	/** Uniform in [0, 1). */
	readonly real: () => number;
}

const UNIT = 1 / 0x8000_0000;

/** One step of splitmix32, to spread a seed over the state. */
function mix(value: number): number {
	let z = value | 0;
	z = Math.imul(z ^ (z >>> 16), 0x21f0_aaad);
	z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
	return z ^ (z >>> 15);
}

/** @param seed any safe integer; equal seeds give equal numbers. */
export function createRandom(seed: number): Random {
	const state = new Int32Array(4);
	const low = seed | 0;
	const high = Math.floor(seed / 0x1_0000_0000) | 0;
	for (let i = 0; i < 4; i++) state[i] = mix(low + Math.imul(i + 1, 0x9e37_79b9) + Math.imul(high, 0x85eb_ca6b));
	state[0]! |= 1;

	function next(): number {
		const s0 = state[0]!;
		const s1 = state[1]!;
		const s3 = state[3]!;
		const sum = (s0 + s3) | 0;
		const result = (((sum << 7) | (sum >>> 25)) + s0) | 0;
		const s2 = state[2]! ^ s0;
		const t = s3 ^ s1;
		state[1] = s1 ^ s2;
		state[0] = s0 ^ t;
		state[2] = s2 ^ (s1 << 9);
		state[3] = (t << 11) | (t >>> 21);
		return result >>> 1;
	}

	return {
		next,
		below: (count) => Math.floor(next() * UNIT * count),
		real: () => next() * UNIT,
	};
}
