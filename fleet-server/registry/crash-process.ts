/** A process of a test that is killed while it writes: keeps one patient, then a large batch, and says how far it is. */
import { createServiceClock } from '../clock.ts';
import { Records, type Change } from './index.ts';
import { patientOf, region, requestOf } from './test-records.ts';

const BATCH = 1500;
const clock = createServiceClock({ clockSpeed: 1, clockStart: undefined, clockFrom: undefined });
const records = new Records({ path: process.argv[2]!, region, clock });
const one = await records.keep({ kind: 'patient', op: 'create', body: patientOf() }, 'first');
process.stdout.write(`kept ${one.id}\n`);
const changes = (await records.reserve('patient', BATCH)).flatMap((id): Change[] => [
	{ kind: 'patient', op: 'create', id, body: patientOf() },
	{ kind: 'request', op: 'create', body: requestOf(id) },
]);
const done = records.commit(changes, 'second');
process.stdout.write('begun\n');
await done;
process.stdout.write('done\n');
setInterval(() => undefined, 1000);
