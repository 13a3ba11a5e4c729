import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Option, type Command } from 'commander';
import type { OptimizeProgress, PlanSolution } from '@junkai/contracts';
import type { Refusal, RoadConditions, RoadsAnswers, SolveOptions } from '@junkai/fleet-server/optimize';
import { planTable } from './plan-table.ts';
import { makeLogger, number, whole } from './shared.ts';

interface Options {
	input?: string;
	output?: string;
	seconds: number;
	threads: number;
	seed: number;
	steps?: number;
	json?: true;
	plan?: true;
	geometry?: true;
	rain?: number;
	departure?: string;
	dataDir: string;
	quiet?: true;
}

/** The roads once opened, to be closed at the end. */
interface OpenedRoads {
	answers: (conditions: RoadConditions, signal: AbortSignal) => RoadsAnswers;
	close: () => Promise<void>;
}

/** Codes that VROOM ends with, and that its users' scripts look at. */
const INPUT_ERROR = 2;
/** A second Ctrl-C within this time is the same one, handed on by terminal and supervisor, ms. */
const SAME_ORDER = 500;

export function addOptimize(program: Command): void {
	program
		.command('optimize')
		.description("solve a routing problem: VROOM's JSON in, the plan on stdout, progress on stderr (docs/planner.md)")
		.argument('[file]', 'the problem: a file, its JSON right here, or - or nothing for standard input')
		.option('-i, --input <file>', "the same, as VROOM's flag")
		.option('-o, --output <file>', 'write the plan as JSON to this file instead of stdout')
		.option('-l, --seconds <n>', 'time to improve the plan; Ctrl-C ends sooner and keeps the best so far', number(0.1, 86_400), 5)
		.addOption(
			new Option('-t, --threads <n>', 'threads that search').argParser(whole(1, 256)).default(availableParallelism(), 'all cores'),
		)
		.option('--seed <s>', 'the same seed with --steps and --threads 1 gives the same plan', whole(0, 0xffff_ffff), 0)
		.option('--steps <n>', 'end after so many steps', whole(1, Number.MAX_SAFE_INTEGER))
		.option('--json', 'JSON on a terminal too, where a table is shown otherwise')
		.option('-c, --plan', 'choose times for the routes given as `steps` and report violations')
		.option('-g, --geometry', 'add to each route its way on the road')
		.option('--rain <mm>', 'roads that are closed at this much rain are closed', number(0, 5000))
		.option('--departure <time>', 'when the vehicles leave, ISO 8601 with zone: chooses the speeds of the hour')
		.addOption(new Option('--data-dir <folder>', "holds the roads' map").default('./data').env('JUNKAI_DATA_DIR'))
		.option('--quiet', 'no progress')
		.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : INPUT_ERROR))
		.action(run);
}

async function run(file: string | undefined, options: Options): Promise<void> {
	const { refusalOf, solve } = await import('@junkai/fleet-server/optimize');
	const controller = new AbortController();
	const { signal } = controller;
	if (options.plan !== true) endOnSignal(controller);
	const opening: { roads: Promise<OpenedRoads> | null } = { roads: null };
	const progress = progressOn(process.stderr, options.quiet === true);
	let outcome: { solution: PlanSolution } | { refusal: Refusal };
	try {
		const bytes = readInput(options.input ?? file ?? '-');
		const roads = (conditions: RoadConditions): RoadsAnswers => {
			const answers = async () => (await (opening.roads ??= openRoads(options.dataDir))).answers(conditions, signal);
			return {
				table: async (vehicle, places) => (await answers()).table(vehicle, places),
				way: async (vehicle, places) => (await answers()).way(vehicle, places),
			};
		};
		const solution = await solve(bytes, solveOptions(options), {
			roads,
			signal,
			onRead: (tasks) => progress.note(`${tasks} tasks`),
			onReady: () => undefined,
			onProgress: progress.show,
		});
		outcome = { solution };
	} catch (error) {
		outcome = { refusal: error instanceof InputFileError ? error.refusal : refusalOf(error) };
	}
	progress.end();
	await opening.roads?.then(
		({ close }) => close(),
		() => undefined,
	);
	const json = options.json === true || options.output !== undefined || !process.stdout.isTTY;
	await ('solution' in outcome ? tell(outcome.solution, options, json) : refuse(outcome.refusal, signal, json));
}

function solveOptions(options: Options): SolveOptions {
	return {
		mode: options.plan === true ? 'plan' : 'optimize',
		seconds: options.seconds,
		// This process was started for this problem: its start counts.
		spent: performance.now() / 1000,
		threads: options.threads,
		seed: options.seed,
		maxSteps: options.steps,
		geometry: options.geometry === true,
		rain: options.rain,
		departure: options.departure,
		maxTasks: Infinity,
		maxVehicles: Infinity,
	};
}

class InputFileError extends Error {
	readonly refusal: Refusal;
	constructor(detail: string, options: ErrorOptions) {
		super(detail, options);
		this.refusal = { code: INPUT_ERROR, status: 400, detail };
	}
}

function readInput(file: string): Uint8Array {
	// VROOM's users give small problems right on the command line.
	if (file.trimStart().startsWith('{')) return new TextEncoder().encode(file);
	if (file === '-' && process.stdin.isTTY) console.error('reading the problem from the terminal; Ctrl-D ends it');
	try {
		return readFileSync(file === '-' ? 0 : file);
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : String(cause);
		throw new InputFileError(`${file === '-' ? 'standard input' : file} cannot be read: ${reason}`, { cause });
	}
}

async function openRoads(dataDir: string): Promise<OpenedRoads> {
	const { roadAnswers, roadsOf } = await import('@junkai/fleet-server/optimize');
	const roads = await roadsOf(process.env, dataDir, makeLogger('roads', 'error'));
	return { answers: (conditions, signal) => roadAnswers(roads, conditions, signal), close: () => roads.close() };
}

/** The first Ctrl-C ends the search, whose best plan is then printed; one more ends everything. */
function endOnSignal(controller: AbortController): void {
	let ordered = 0;
	const onSignal = (): void => {
		const now = performance.now();
		if (ordered > 0 && now - ordered > SAME_ORDER) process.exit(130);
		ordered ||= now;
		controller.abort();
	};
	process.on('SIGINT', onSignal);
	process.on('SIGTERM', onSignal);
}

/** One line that renews itself on a terminal; elsewhere a line a second. */
function progressOn(stream: NodeJS.WriteStream, quiet: boolean) {
	const renews = stream.isTTY;
	const pause = renews ? 100 : 1000;
	let last = -Infinity;
	let open = false;
	let held: string | null = null;
	const write = (line: string): void => {
		last = performance.now();
		held = null;
		stream.write(renews ? `\r\u001B[K${line}` : `${line}\n`);
		open = renews;
	};
	return {
		note: (line: string): void => {
			if (!quiet) write(line);
		},
		show: ({ elapsed, seconds, cost, unassigned, steps }: OptimizeProgress): void => {
			if (quiet) return;
			const line = `${elapsed.toFixed(1)} of ${seconds.toFixed(1)} s  cost ${cost}  unassigned ${unassigned}  steps ${steps}`;
			if (performance.now() - last >= pause) write(line);
			else held = line;
		},
		end: (): void => {
			if (held !== null) write(held);
			if (open) stream.write('\n');
		},
	};
}

async function tell(solution: PlanSolution, { output, quiet }: Options, json: boolean): Promise<void> {
	const text = json ? `${JSON.stringify(solution)}\n` : planTable(solution);
	if (output === undefined) return end(text, 0);
	try {
		writeFileSync(output, text);
	} catch (error) {
		console.error(`junkai: ${output} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
		process.exit(INPUT_ERROR);
	}
	if (quiet !== true) console.error(`${output} written`);
	process.exit(0);
}

/** Plain words on stderr; where JSON is expected, VROOM's error object on stdout. */
async function refuse({ code, detail, errors = [] }: Refusal, signal: AbortSignal, json: boolean): Promise<void> {
	if (signal.aborted) {
		console.error('junkai: stopped before there was any plan');
		process.exit(130);
	}
	const faults = errors.map(({ field, message }) => `${field}: ${message}`);
	console.error([`junkai: ${detail}`, ...faults].join('\n  '));
	await end(json ? `${JSON.stringify({ code, error: faults.length > 0 ? faults.join('; ') : detail })}\n` : '', code);
}

/** Ends when stdout has taken everything. */
async function end(text: string, exitCode: number): Promise<void> {
	process.stdout.on('error', () => process.exit(exitCode));
	await new Promise<void>((done) => process.stdout.write(text, () => done()));
	process.exit(exitCode);
}
