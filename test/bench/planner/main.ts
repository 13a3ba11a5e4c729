/** `npm run bench:planner -- DIR`: how near the planner comes to the best known plans of published instances, and how soon. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { findInstances } from './instances.ts';
import { familyTable, instanceHead, instanceLine, joinReports, plot, type Report, type Row } from './report.ts';
import { BenchError } from './solomon.ts';
import { hasVroom, runOurs, runVroom } from './solvers.ts';

const USAGE = `usage: npm run bench:planner -- DIR [options]
       npm run bench:planner -- --with FILE.json [--with FILE.json …] --docs
  --seconds LIST   checkpoints of one run an instance (1,5,10,30)
  --threads N      worker threads (2)
  --seed S         (1)
  --only REGEX     instances whose name matches
  --no-vroom       do not run vroom even if it is there
  --out FILE.json  write all figures
  --with FILE.json add the figures of an earlier run on the same machine
  --docs           write table and plot into docs/benchmarks.md and docs/images/planner.svg`;
const DOCS = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));
const IMAGE = fileURLToPath(new URL('../../../docs/images/planner.svg', import.meta.url));
const [BEGIN, END] = ['<!-- bench:planner begins -->', '<!-- bench:planner ends -->'];

function readArguments() {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			seconds: { type: 'string', default: '1,5,10,30' },
			threads: { type: 'string', default: '2' },
			seed: { type: 'string', default: '1' },
			only: { type: 'string' },
			'no-vroom': { type: 'boolean', default: false },
			out: { type: 'string' },
			with: { type: 'string', multiple: true, default: [] },
			docs: { type: 'boolean', default: false },
		},
	});
	const [folder] = positionals;
	if (positionals.length > 1 || (folder === undefined && values.with.length === 0))
		throw new BenchError(`exactly one folder is needed\n${USAGE}`);
	const checkpoints = values.seconds.split(',').map(Number);
	const rising = checkpoints.every((seconds, at) => seconds > 0 && seconds > (checkpoints[at - 1] ?? 0));
	if (!rising) throw new BenchError(`--seconds ${values.seconds}: expected rising numbers above 0, as 1,5,10`);
	const threads = Number(values.threads);
	if (!(Number.isInteger(threads) && threads >= 1)) throw new BenchError(`--threads ${values.threads}: expected 1 or more`);
	const seed = Number(values.seed);
	if (!Number.isSafeInteger(seed)) throw new BenchError(`--seed ${values.seed}: expected a whole number`);
	return { ...values, folder, checkpoints, threads, seed, only: values.only === undefined ? null : new RegExp(values.only, 'i') };
}

async function main(): Promise<void> {
	const { folder, checkpoints, threads, seed, only, out, docs, ...values } = readArguments();
	const instances = folder === undefined ? [] : findInstances(folder, only);
	const vroom = !values['no-vroom'] && hasVroom();
	if (!vroom) console.error('vroom is not on PATH or not wanted: its columns stay empty');
	const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`;
	console.log(`${new Date().toISOString()}  ${machine}  ${threads} threads, seed ${seed}\n\n${instanceHead({ checkpoints })}`);
	const rows: Row[] = [];
	for (const [at, { instance, family, best, bestVehicles }] of instances.entries()) {
		console.error(`[${at + 1}/${instances.length}] ${instance.name}…`);
		const ours = await runOurs(instance, { checkpoints, threads, seed });
		const beside = vroom ? await runVroom(instance, threads) : undefined;
		const row = { name: instance.name, family, customers: instance.nodes.length - 1, best, bestVehicles, ours, vroom: beside };
		if (ours.cpu < 0.85 * threads) console.error(`  only ${ours.cpu.toFixed(2)} cores for ${threads} threads: the machine is busy`);
		rows.push(row);
		console.log(instanceLine(row));
	}
	const own: Report = { machine, date: new Date().toISOString().slice(0, 10), checkpoints, threads, seed, rows };
	const earlier = values.with.map(readReport);
	const report = earlier.length === 0 ? own : joinReports(rows.length === 0 ? earlier : [...earlier, own]);
	console.log(`\nMean gap to the best known distance in %:\n\n${await format(familyTable(report), { parser: 'markdown' })}`);
	if (out !== undefined) writeFileSync(out, `${JSON.stringify(report, null, '\t')}\n`);
	if (docs) await writeDocs(report);
}

function readReport(file: string): Report {
	const report = JSON.parse(readFileSync(file, 'utf8')) as Partial<Report> | null;
	if (Array.isArray(report?.rows) && Array.isArray(report.checkpoints)) return report as Report;
	throw new BenchError(`${file} is not what --out has written`);
}

/** Replaces what stands between the two marks. */
async function writeDocs(report: Report): Promise<void> {
	const page = readFileSync(DOCS, 'utf8');
	const [head, rest] = page.split(BEGIN);
	const tail = rest?.split(END)[1];
	if (head === undefined || tail === undefined) throw new BenchError(`${DOCS} has not the marks ${BEGIN} and ${END}`);
	const text = `${report.date}, ${report.machine}, ${report.threads} threads, seed ${report.seed}, one run an instance. Mean gap to the best
known distance in %; _worst_ is the largest single gap; _vehicles_ the mean number that drives.

${familyTable(report)}

![Mean gap over time](images/planner.svg)`;
	writeFileSync(IMAGE, plot(report));
	writeFileSync(DOCS, await format(`${head}${BEGIN}\n\n${text}\n\n${END}${tail}`, { parser: 'markdown', printWidth: 132 }));
	console.error(`wrote ${DOCS} and ${IMAGE}`);
}

try {
	await main();
} catch (error) {
	if (!(error instanceof BenchError) && !(error instanceof TypeError && 'code' in error)) throw error;
	console.error(`bench:planner: ${error.message}`);
	process.exitCode = 1;
}
