import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, isNode, parseDocument } from 'yaml';
import type { z } from 'zod';
import { checkRegion } from './check.ts';
import { RegionError } from './region-error.ts';
import {
	closuresFile,
	coverageFile,
	facilitiesFile,
	municipalitiesFile,
	oldNamesFile,
	regionFile,
	roadsFile,
	roundsFile,
	scenariosFile,
	settlementsFile,
	type Region,
} from './schema.ts';

const loaded = new Map<string, Region>();

/**
 * A region by its id: the facts of `regions/<id>/`, checked by schema and against each other. Kept in memory after the first
 * time; do not change what it returns. `directory` reads from another place instead, without keeping.
 *
 * @throws {RegionError} naming file, place and what was expected.
 */
export function loadRegion(id = 'wakayama', directory?: string): Region {
	const known = directory === undefined ? loaded.get(id) : undefined;
	if (known) return known;
	const region = read(directory ?? join(import.meta.dirname, checkedId(id)));
	if (region.id !== id) throw new RegionError('inconsistent', `region.yaml: id is "${region.id}", its folder says "${id}"`);
	const faults = checkRegion(region);
	if (faults.length > 0) {
		const more = faults.length > 20 ? `\n… and ${faults.length - 20} more` : '';
		throw new RegionError('inconsistent', `region "${id}" does not hold together:\n${faults.slice(0, 20).join('\n')}${more}`);
	}
	if (directory === undefined) loaded.set(id, region);
	return region;
}

/** Changes when the files change that a region's map is made of. Takes a few milliseconds, unlike reading the region. */
export function regionStamp(id: string): string {
	const directory = join(import.meta.dirname, checkedId(id));
	const hash = createHash('sha256');
	for (const file of ['region.yaml', 'roads.geojson']) hash.update(readText(directory, file)).update('\0');
	return hash.digest('hex').slice(0, 16);
}

function checkedId(id: string): string {
	if (/^[a-z][a-z0-9-]*$/.test(id)) return id;
	throw new RegionError('unknown-region', `"${id}" is no region id: lower-case letters, digits and "-" are expected`);
}

function read(directory: string): Region {
	const roads = readJson(directory, 'roads.geojson', roadsFile);
	return {
		...readYaml(directory, 'region.yaml', regionFile),
		...readYaml(directory, 'municipalities.yaml', municipalitiesFile),
		...readYaml(directory, 'settlements.yaml', settlementsFile),
		...readYaml(directory, 'facilities.yaml', facilitiesFile),
		...readYaml(directory, 'closures.yaml', closuresFile),
		...readYaml(directory, 'rounds.yaml', roundsFile),
		// A region need not have any.
		...(existsSync(join(directory, 'scenarios.yaml')) ? readYaml(directory, 'scenarios.yaml', scenariosFile) : { scenarios: [] }),
		...readYaml(directory, 'old-names.yaml', oldNamesFile),
		radioGaps: readYaml(directory, 'coverage.yaml', coverageFile).gaps,
		roads: roads.features.map((feature) => ({ ...feature.properties, line: feature.geometry.coordinates })),
	};
}

function readText(directory: string, file: string): string {
	try {
		return readFileSync(join(directory, file), 'utf8');
	} catch (cause) {
		throw new RegionError('unreadable', `${file}: cannot be read in ${directory}`, { cause });
	}
}

function readYaml<T extends z.ZodType>(directory: string, file: string, schema: T): z.infer<T> {
	const lines = new LineCounter();
	const document = parseDocument(readText(directory, file), { lineCounter: lines });
	const [error] = document.errors;
	if (error) throw new RegionError('not-yaml', `${file}: ${error.message}`, { cause: error });
	return check(file, schema, document.toJS(), (path) => {
		// The missing key itself has no node: its parent's line is the nearest place to look.
		for (let depth = path.length; depth >= 0; depth--) {
			const node = document.getIn(path.slice(0, depth), true);
			if (isNode(node) && node.range) return `line ${lines.linePos(node.range[0]).line}, `;
		}
		return '';
	});
}

function readJson<T extends z.ZodType>(directory: string, file: string, schema: T): z.infer<T> {
	const content = readText(directory, file);
	let value: unknown;
	try {
		value = JSON.parse(content);
	} catch (cause) {
		throw new RegionError('not-yaml', `${file}: not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
	}
	return check(file, schema, value, () => '');
}

function check<T extends z.ZodType>(file: string, schema: T, value: unknown, place: (path: PropertyKey[]) => string): z.infer<T> {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	const issues = result.error.issues
		.slice(0, 10)
		.map((issue) => `${file}: ${place(issue.path)}${issue.path.join('.')}: ${issue.message}`);
	throw new RegionError('schema', issues.join('\n'), { cause: result.error });
}
