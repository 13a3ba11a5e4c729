/** Seeded randomness: the same seed gives the same drive and the same patient. Not for secrets. */

/** A generator of numbers from 0 to below 1 (mulberry32, by Tommy Ettinger, public domain). */
export function randomFrom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

/** A seed made of several numbers or words. */
export function seedOf(...parts: readonly (number | string)[]): number {
	let hash = 2166136261;
	for (const character of parts.join('|')) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
	return hash >>> 0;
}

/** A normally distributed number: mean 0, deviation 1. */
export function normal(random: () => number): number {
	return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Noise that depends on nothing but a place in a row: -1 to 1, the same at each asking. */
export function noiseAt(seed: number, index: number): number {
	let h = Math.imul((index | 0) ^ seed, 0x9e3779b1);
	h = Math.imul(h ^ (h >>> 15), 0x85ebca77);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae3d);
	return ((h ^ (h >>> 16)) >>> 0) / 2147483648 - 1;
}

/** The same, smooth between whole numbers. */
export function smoothNoise(seed: number, at: number): number {
	const i = Math.floor(at);
	const t = at - i;
	const blend = t * t * (3 - 2 * t);
	return noiseAt(seed, i) * (1 - blend) + noiseAt(seed, i + 1) * blend;
}
