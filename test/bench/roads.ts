/** The embedded road engine on the region's map: making it, ways, tables, closures; CPU of the engine and of who asks. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadRegion } from '@junkai/regions';
import { buildRegion, mapFolder } from '../../fleet-server/roads/tiles.ts';
import { EngineRoads } from '../../fleet-server/roads/roads.ts';
import { ValhallaEngine } from '../../fleet-server/roads/valhalla.ts';
import type { Closure, Place } from '../../fleet-server/roads/port.ts';
import { tempFolder } from '../support/processes.ts';
import { cpuSeconds, distribution, residentMegabytes, shown } from './figures.ts';

const PLACES = 200;
const ROUTES = 200;

export async function roads(): Promise<void> {
	const region = loadRegion();
	const folder = tempFolder('bench');
	const mapDir = mapFolder(folder.path);
	const engine = new ValhallaEngine({ mapDir, deadline: 60_000, region });
	const asked = new EngineRoads({ engine, region, maxSnap: 1000, cacheSize: 1_000_000 });
	console.log(
		`\nRoads: Valhalla on the map of ${region.name.en} (${region.roads.length} edges); wall time, CPU of the engine, of who asks`,
	);
	try {
		let began = performance.now();
		await buildRegion(region, 'bench', mapDir, () => {});
		console.log(`  map made                              ${(performance.now() - began).toFixed(0)} ms`);
		began = performance.now();
		await asked.ready();
		console.log(`  engine up                             ${(performance.now() - began).toFixed(0)} ms`);

		const step = region.settlements.length / PLACES;
		const places = Array.from({ length: PLACES }, (_, i) => region.settlements[Math.floor(i * step)]!).map((s): Place => [
			s.lon,
			s.lat,
		]);
		const measure = async (what: string, work: () => Promise<unknown>): Promise<void> => {
			const before = await cpu(engine);
			const delay = monitorEventLoopDelay({ resolution: 5 });
			delay.enable();
			const start = performance.now();
			await work();
			const wall = performance.now() - start;
			delay.disable();
			const after = await cpu(engine);
			const [there, here] = [after.engine - before.engine, after.own - before.own].map((ms) => ms.toFixed(0));
			const loop = (delay.max / 1e6 || 0).toFixed(0);
			console.log(`  ${what.padEnd(36)}  ${wall.toFixed(0)} ms, ${there} ms, ${here} ms; event loop late by ${loop} ms at most`);
		};
		await measure(`table ${PLACES} × ${PLACES}, nothing known`, () => asked.table({ places }));
		await measure(`the same again`, () => asked.table({ places }));
		await measure(`one place more`, () => asked.table({ places: [...places, [135.3864, 33.7429]] }));
		const rain: Closure[] = [{ id: 'rain', rain: { mm: 180 } }];
		await measure(`the same, 180 mm of rain, first time`, () => asked.table({ places, closures: rain }));
		await measure(`a way, other closures, first time`, () =>
			asked.route({ places: [places[0]!, places[99]!], closures: [{ id: 'x', edges: ['R42-010'] }] }),
		);
		const times: number[] = [];
		await measure(`${ROUTES} ways with steps`, async () => {
			for (let i = 0; i < ROUTES; i++) {
				const start = performance.now();
				await asked.route({ places: [places[i % PLACES]!, places[(i * 7 + 3) % PLACES]!], steps: true });
				times.push(performance.now() - start);
			}
		});
		console.log(`    one of them, ms: ${shown(distribution(times), 1)}`);
		console.log(
			`  engine resident ${(await residentMegabytes(engine.pid!)).toFixed(0)} MB; ${JSON.stringify(asked.statistics().cache)}`,
		);
	} finally {
		await asked.close();
		folder.dispose();
	}
}

/** Milliseconds of CPU. */
async function cpu(engine: ValhallaEngine): Promise<{ engine: number; own: number }> {
	const { user, system } = process.cpuUsage();
	return { engine: engine.pid === null ? 0 : (await cpuSeconds(engine.pid)) * 1000, own: (user + system) / 1000 };
}
