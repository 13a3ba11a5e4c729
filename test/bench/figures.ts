/** Figures of a benchmark, and how they are printed. */
export interface Distribution {
	n: number;
	min: number;
	p50: number;
	p95: number;
	p99: number;
	max: number;
}

/** Quantiles of measured values; NaN for none. */
export function distribution(values: readonly number[]): Distribution {
	const sorted = values.toSorted((a, b) => a - b);
	const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
	return { n: sorted.length, min: at(0), p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? NaN };
}

export const shown = ({ n, min, p50, p95, p99, max }: Distribution, digits = 0): string =>
	`p50 ${p50.toFixed(digits)}  p95 ${p95.toFixed(digits)}  p99 ${p99.toFixed(digits)}  min ${min.toFixed(digits)}  max ${max.toFixed(digits)}  (n ${n})`;

/** CPU seconds that a process has used so far, all its threads (Linux: /proc). */
export async function cpuSeconds(pid: number): Promise<number> {
	const { readFile } = await import('node:fs/promises');
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
	// The program's name stands in brackets and may hold blanks.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident memory of a process, MB (Linux: /proc). */
export async function residentMegabytes(pid: number): Promise<number> {
	const { readFile } = await import('node:fs/promises');
	const match = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
	return Number(match?.[1] ?? NaN) / 1024;
}
