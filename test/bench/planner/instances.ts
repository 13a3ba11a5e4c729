/** Finds the instances below a folder, and the best distances known for them. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { z } from 'zod';
import { BenchError, readInstance, type Instance } from './solomon.ts';

const bestKnown = z.record(z.string(), z.object({ distance: z.number().positive(), vehicles: z.number().nullish() }));

export interface BenchInstance {
	readonly instance: Instance;
	/** Letters of the name, type and number of customers: `R1-200`. */
	readonly family: string;
	/** Best distance known; undefined when not told. */
	readonly best: number | undefined;
	readonly bestVehicles: number | undefined;
}

/** Every `.txt` below `folder`, smaller ones first. Throws a BenchError when there is none, or one is not an instance. */
export function findInstances(folder: string, only: RegExp | null): BenchInstance[] {
	if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new BenchError(`${folder} is no folder`);
	const best = readBest(resolve(folder));
	const files = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && extname(entry.name).toLowerCase() === '.txt')
		.map((entry) => join(entry.parentPath, entry.name))
		.filter((file) => only === null || only.test(basename(file, extname(file))));
	if (files.length === 0)
		throw new BenchError(`no instance (*.txt) below ${folder}${only === null ? '' : ` matches ${only.source}`}`);
	return files
		.map((file) => {
			const key = basename(file, extname(file)).toUpperCase();
			const instance = { ...readInstance(file), name: basename(file, extname(file)) };
			const known = best.get(key);
			return { instance, family: familyOf(instance), best: known?.distance, bestVehicles: known?.vehicles ?? undefined };
		})
		.toSorted((a, b) => a.instance.nodes.length - b.instance.nodes.length || a.instance.name.localeCompare(b.instance.name, 'en'));
}

/** `C101` and `c1_2_1` are of type C1; names of other makes are their own family. */
function familyOf({ name, nodes }: Instance): string {
	const type = /^(rc|r|c)([12])/i.exec(name);
	return `${type === null ? name : type[0].toUpperCase()}-${nodes.length - 1}`;
}

/** From a `bks.json` in the folder or above: `{"C101": {"distance": 827.3}, …}`. */
function readBest(folder: string): Map<string, { distance: number; vehicles?: number | null | undefined }> {
	for (let at = folder; ; at = dirname(at)) {
		const file = join(at, 'bks.json');
		if (existsSync(file)) {
			const parsed = bestKnown.safeParse(JSON.parse(readFileSync(file, 'utf8')));
			if (!parsed.success) throw new BenchError(`${file}: ${z.prettifyError(parsed.error)}`);
			return new Map(Object.entries(parsed.data).map(([key, value]) => [key.toUpperCase(), value]));
		}
		if (dirname(at) === at) return new Map();
	}
}
