/** `junkai map`: makes, imports and checks the map that routes are planned on. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { MapReport, PlaceFinding, VehicleClass } from '@junkai/fleet-server/map';
import { Option, type Command } from 'commander';
import { makeLogger, number } from './shared.ts';

interface Where {
	region?: string;
	dataDir: string;
	out?: string;
}

interface CheckFlags extends Where {
	rain?: number;
	osrmUrl?: string;
	osrmRain?: number | '';
	vehicle: VehicleClass;
	maxSnap?: number;
	json?: boolean;
}

const region = () => new Option('--region <id>', 'folder in regions/ (default wakayama)').env('JUNKAI_REGION');
const dataDir = () =>
	new Option('--data-dir <folder>', 'data folder; maps lie in its folder map').default('./data').env('JUNKAI_DATA_DIR');
const out = () => new Option('--out <folder>', 'put the map here instead of into the data folder');
const millimetres = number(0, 5000);
/** An empty variable counts as not set; commander hands it on as an empty text. */
const unlessEmpty = <T>(value: T | '' | undefined): T | undefined => (value === '' ? undefined : value);

export function addMap(program: Command): void {
	const map = program.command('map').description('make, import and check the map that routes are planned on');
	map
		.command('build')
		.description("make the embedded engine's map of a region")
		.addOption(region())
		.addOption(dataDir())
		.addOption(out())
		.action(build);
	map
		.command('import')
		.description("make the embedded engine's map of any OpenStreetMap extract")
		.argument('<file>', 'FILE.osm.pbf')
		.addOption(dataDir())
		.addOption(out())
		.action(importFile);
	map
		.command('check')
		.description('tell which places are off the road, and which no base can reach; ends with code 1 when there are any')
		.addOption(region())
		.addOption(dataDir())
		.option('--rain <mm>', 'with the roads closed that so much rain closes', millimetres)
		.addOption(new Option('--vehicle <class>', 'for this vehicle').choices(['kei', 'van', 'truck']).default('van'))
		.option('--max-snap <m>', 'how far a place may lie from the road, metres (default 1000)', number(1, 20_000))
		.addOption(new Option('--osrm-url <url>', 'check an OSRM server instead').env('OSRM_URL'))
		.addOption(
			new Option('--osrm-rain <mm>', 'rain whose closures that server holds')
				.argParser((text) => (text === '' ? undefined : millimetres(text)))
				.env('JUNKAI_OSRM_RAIN'),
		)
		.option('--json', 'as one JSON object')
		.action(check);
	map
		.command('export')
		.description("write a region's roads as an OpenStreetMap extract, for OSRM's tools")
		.argument('<file>', 'FILE.osm.pbf')
		.addOption(region())
		.action(async (file: string, options: Where) => {
			const { exportMap } = await import('@junkai/fleet-server/map');
			const { nodes, ways } = await exportMap(regionOf(options), file);
			console.log(`${file}: ${nodes} nodes, ${ways} ways`);
		});
	map
		.command('closures')
		.description('tell what rain closes, and write it for osrm-customize --segment-speed-file')
		.addOption(region())
		.addOption(new Option('--rain <mm>', 'continuous rain').argParser(millimetres).makeOptionMandatory())
		.option('--osrm-speeds <file>', 'segment speeds, by the nodes of `junkai map export`')
		.action(closures);
}

const regionOf = (options: { region?: string }): string => unlessEmpty(options.region) ?? 'wakayama';
const mapDir = ({ out: folder, dataDir: data }: Where): string => resolve(folder ?? join(data, 'map'));

async function build(options: Where): Promise<void> {
	const { buildMap } = await import('@junkai/fleet-server/map');
	const { directory } = await buildMap(regionOf(options), mapDir(options), (line) => console.error(line));
	console.log(directory);
}

async function importFile(file: string, options: Where): Promise<void> {
	const { importMap } = await import('@junkai/fleet-server/map');
	const { directory } = await importMap(resolve(file), mapDir(options), (line) => console.error(line));
	console.log(directory);
}

async function closures(options: { region?: string; rain: number; osrmSpeeds?: string }): Promise<void> {
	const { rainClosures } = await import('@junkai/fleet-server/map');
	const { rules, unmatched, edges, speeds } = rainClosures(regionOf(options), options.rain);
	console.log(`${options.rain} mm of rain: ${rules.length} rules close ${edges} road edges`);
	if (unmatched.length > 0) console.log(`of roads that the map does not hold: ${unmatched.join(', ')}`);
	if (options.osrmSpeeds === undefined) return;
	await writeFile(options.osrmSpeeds, speeds);
	console.log(`${options.osrmSpeeds}: ${(speeds.split('\n').length - 1) / 2} segments, both directions`);
}

async function check(options: CheckFlags): Promise<void> {
	const { checkMap } = await import('@junkai/fleet-server/map');
	const report = await checkMap({
		region: regionOf(options),
		dataDir: resolve(options.dataDir),
		osrmUrl: unlessEmpty(options.osrmUrl),
		osrmRainMm: unlessEmpty(options.osrmRain),
		rainMm: options.rain,
		vehicle: options.vehicle,
		maxSnap: options.maxSnap,
		log: makeLogger('map', 'warn'),
	});
	console.log(options.json ? JSON.stringify(report, null, '\t') : inWords(report));
	if (report.offRoad.length + report.cutOff.length > 0) process.exitCode = 1;
}

function inWords(report: MapReport): string {
	const facts = Object.entries(report.facts).map(
		([name, count]) => `${count} ${name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)}`,
	);
	const rain = report.rainMm === null ? '' : `, ${report.rainMm} mm of rain (${report.closedEdges} edges closed)`;
	const lines = [`${report.region}: ${facts.join(', ')}`, `${report.engine}, ${report.vehicle}${rain}`];
	if (report.unmatchedRules.length > 0)
		lines.push(`rules of roads that the map does not hold: ${report.unmatchedRules.join(', ')}`);
	lines.push('', ...section('off the road', report.offRoad), ...section('cut off from every base', report.cutOff));
	return lines.join('\n');
}

function section(title: string, findings: readonly PlaceFinding[]): string[] {
	const rows = findings.map(
		(one) => `  ${one.id.padEnd(12)} ${one.kind.padEnd(10)} ${one.place[1].toFixed(5)},${one.place[0].toFixed(5)}  ${one.name}`,
	);
	return [`${title}: ${findings.length === 0 ? 'none' : findings.length}`, ...rows];
}
